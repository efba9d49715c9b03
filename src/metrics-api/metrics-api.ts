import { Annotations, Duration, Names, Size } from 'aws-cdk-lib';
import {
  AccessLogFormat, AuthorizationType, EndpointType, IApiKey, IResource, LambdaIntegration, LogGroupLogDestination, MethodOptions, RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ApiAuthorization, ApiAuthorizationBinding } from './api-authorization';
import { addPreflight, checkOrigins, corsHeaders } from './cors';
import { MetricsApiProps } from './metrics-api-options';
import { addProblemResponses } from './problem-responses';
import { grantTableKey } from '../private/data-table';
import { MonitoringFunction } from '../private/monitoring-function';
import { ApiRoute, PROMETHEUS_RESOURCE, RouteAccess, routesOf } from '../private/shared/api-routes';
import { Env } from '../private/shared/environment';

/** API Gateway waits 29 s for an integration; the function ends before, so that its own answer arrives. */
const API_TIMEOUT = Duration.seconds(28);

/**
 * Serves the metrics: a REST API in front of the `ApiLambda` function, with `GET` and `POST /metrics`, the catalogue under
 * `/services`, `GET /health`, the Prometheus HTTP API under `/prometheus`, for Grafana, and incidents under `/incidents`, where it has their table.
 */
export class MetricsApi extends Construct {
  /** The REST API. */
  public readonly restApi: RestApi;
  /** The function behind it. */
  public readonly handler: Function;
  /** Address of the API's stage, with a slash at its end. */
  public readonly url: string;
  /** The keys that are valid, where `ApiAuthorization.apiKey()` asks for one; else none. */
  public readonly apiKeys: IApiKey[];

  private readonly routes: readonly ApiRoute[];

  constructor(scope: Construct, id: string, props: MetricsApiProps) {
    super(scope, id);
    checkOrigins(this.node.path, props.cors);
    this.routes = routesOf({ incidents: props.incidents !== undefined });
    const handler = new MonitoringFunction(this, 'ApiLambda', {
      asset: 'metrics-api',
      description: 'Answers the metrics API',
      timeout: API_TIMEOUT,
      options: props.functionOptions,
      environment: {
        [Env.METRICS_TABLE]: props.store.table.tableName,
        [Env.SAMPLE_RETENTION_DAYS]: `${props.store.sampleRetention.toDays()}`,
        [Env.ROLLUP_RETENTION_DAYS]: `${props.store.rollupRetention.toDays()}`,
        ...(props.incidents && { [Env.INCIDENT_TABLE]: props.incidents.tableName }),
        ...(props.cors && { [Env.CORS_ORIGINS]: props.cors.allowOrigins.join(',') }),
      },
    });
    this.handler = handler;
    props.store.grantRead(handler);
    props.store.grantWrite(handler);
    if (props.incidents) grantReadOf(props.incidents, handler);

    this.restApi = new RestApi(this, 'Resource', {
      // Its metrics are told apart by name, so two APIs of one account must not share one.
      restApiName: Names.uniqueResourceName(this, { maxLength: 128, separator: '-' }),
      description: 'Metrics from logs',
      endpointTypes: [EndpointType.REGIONAL],
      // The gateway compresses answers for callers that take gzip. No least size: bodies sent in gzip that are smaller would not be
      // decompressed either, and reach the function as broken text.
      minCompressionSize: Size.bytes(0),
      // The role for API Gateway's own logs is a setting of the whole account: not ours to change.
      cloudWatchRole: false,
      deployOptions: {
        stageName: props.stageName ?? 'v1',
        throttlingRateLimit: props.throttle?.rateLimit ?? 50,
        throttlingBurstLimit: props.throttle?.burstLimit ?? 100,
        ...(props.accessLogGroup && {
          accessLogDestination: new LogGroupLogDestination(props.accessLogGroup),
          accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
        }),
      },
    });
    // The L2 makes an output by itself; the library makes none: whoever needs the address has `url`.
    this.restApi.node.tryRemoveChild('Endpoint');
    this.url = this.restApi.url;
    addProblemResponses(this.restApi, corsHeaders(props.cors));

    const authorization = props.authorization ?? ApiAuthorization.iam();
    const ofPrometheus = props.prometheus?.authorization ?? authorization;
    const binding = this.bind(authorization, '', 'authorization');
    const prometheusBinding = ofPrometheus === authorization ? binding : this.bind(ofPrometheus, 'Prometheus', 'prometheus.authorization');
    this.apiKeys = [...new Set([binding, prometheusBinding].flatMap(({ apiKeys = [] }) => apiKeys))];
    if (this.apiKeys.length > 0) {
      const plan = this.restApi.addUsagePlan('UsagePlan', { apiStages: [{ api: this.restApi, stage: this.restApi.deploymentStage }] });
      for (const key of this.apiKeys) plan.addApiKey(key);
    }
    // The description that the function serves tells of each route whether it asks who calls. By a request for it, the function knows that of these.
    if (ofPrometheus !== authorization) handler.addEnvironment(Env.PROMETHEUS_OPEN, `${isOpen(prometheusBinding)}`);
    // One permission for the whole API: one for each method would be twenty resources of a user's five hundred.
    const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    const resources = this.addRoutes(integration, binding.methodOptions, prometheusBinding.methodOptions);
    if (props.cors) for (const resource of resources) addPreflight(resource, props.cors);
  }

  /**
   * Allows calling the routes that read, those of Prometheus among them. Only with `ApiAuthorization.iam()`.
   *
   * @param grantee who may read
   */
  public grantRead(grantee: IGrantable): Grant {
    // Prometheus' own clients ask by POST too.
    return this.grant(grantee, [...this.routesOf('read'), this.restApi.arnForExecuteApi('*', '/prometheus/*', this.restApi.deploymentStage.stageName)]);
  }

  /**
   * Allows calling the routes that write. Only with `ApiAuthorization.iam()`.
   *
   * @param grantee who may write
   */
  public grantWrite(grantee: IGrantable): Grant {
    return this.grant(grantee, this.routesOf('write'));
  }

  /**
   * Allows calling the routes of incidents. They tell more than metrics do, log lines among them, so `grantRead` does not allow them. Only with
   * `ApiAuthorization.iam()`.
   *
   * @param grantee who may read incidents. An API without `incidents` has no such routes, which is an error
   */
  public grantReadIncidents(grantee: IGrantable): Grant {
    const routes = this.routesOf('incidents');
    if (routes.length === 0) {
      throw new Error(`${this.node.path}: grantReadIncidents allows the routes under /incidents, which this API does not have. `
        + 'Give it the table of incidents: incidents: alerting.incidents, of an AlertingWithRunbooks.');
    }
    return this.grant(grantee, routes);
  }

  /**
   * Requests, whatever their answer. Unit: Count.
   *
   * @param options of the metric
   */
  public metricRequests(options?: MetricOptions): Metric {
    return this.restApi.metricCount({ ...this.inStage(), statistic: Stats.SUM, ...options });
  }

  /**
   * Answers with a status from 400 to 499: refused, malformed, or more than the throttle lets through. Unit: Count.
   *
   * @param options of the metric
   */
  public metricClientErrors(options?: MetricOptions): Metric {
    return this.restApi.metricClientError({ ...this.inStage(), statistic: Stats.SUM, ...options });
  }

  /**
   * Answers with a status of 500 or more. Unit: Count.
   *
   * @param options of the metric
   */
  public metricServerErrors(options?: MetricOptions): Metric {
    return this.restApi.metricServerError({ ...this.inStage(), statistic: Stats.SUM, ...options });
  }

  /**
   * Time from a request's arrival to its answer. Unit: Milliseconds.
   *
   * @param options of the metric
   */
  public metricLatency(options?: MetricOptions): Metric {
    return this.restApi.metricLatency({ ...this.inStage(), statistic: Stats.p(99), ...options });
  }

  /**
   * Requests that were refused because the API's function may not run so often at once; their answer is a 500. What the API's own throttle
   * refuses (429) is among `metricClientErrors`. Unit: Count.
   *
   * @param options of the metric
   */
  public metricThrottles(options?: MetricOptions): Metric {
    return this.handler.metricThrottles({ statistic: Stats.SUM, ...options });
  }

  private inStage(): MetricOptions {
    return { dimensionsMap: { ApiName: this.restApi.restApiName, Stage: this.restApi.deploymentStage.stageName } };
  }

  private grant(grantee: IGrantable, resourceArns: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions: ['execute-api:Invoke'], resourceArns });
  }

  private routesOf(access: RouteAccess): string[] {
    return this.routes.filter((route) => route.access === access)
      .map(({ method, path }) => this.restApi.arnForExecuteApi(method, path.replace(/\{[^}]+\}/g, '*'), this.restApi.deploymentStage.stageName));
  }

  private bind(authorization: ApiAuthorization, id: string, prop: string): ApiAuthorizationBinding {
    const binding = authorization.bind(this.restApi, id);
    if (isOpen(binding)) {
      Annotations.of(this).addWarningV2('cdk-serverless-monitoring:openApi', `${this.node.path}: everybody may call it (${prop}: ApiAuthorization.none()). `
        + 'Use ApiAuthorization.iam(), .cognito(...) or .custom(...).');
    }
    return binding;
  }

  /** Makes the API's resources and methods, and gives the resources. */
  private addRoutes(integration: LambdaIntegration, authorized: MethodOptions, prometheus: MethodOptions): IResource[] {
    const open: MethodOptions = { authorizationType: AuthorizationType.NONE };
    // ANY answers the other methods of a known path: the handler says 405 and which it has.
    const resources = [...new Set(this.routes.map((route) => route.path))].map((path) => {
      const routes = this.routes.filter((route) => route.path === path);
      const resource = this.restApi.root.resourceForPath(path);
      routes.forEach(({ method, access }) => resource.addMethod(method, integration, access === 'open' ? open : authorized));
      resource.addMethod('ANY', integration, routes.every(({ access }) => access === 'open') ? open : authorized);
      return resource;
    });
    // One resource for all that lies below: each path of its own would be thirty resources more, for routes that only Prometheus' clients know.
    const below = this.restApi.root.resourceForPath(PROMETHEUS_RESOURCE);
    below.addMethod('ANY', integration, prometheus);
    return [...resources, below];
  }
}

function isOpen({ methodOptions: { authorizationType, apiKeyRequired } }: ApiAuthorizationBinding): boolean {
  return authorizationType === AuthorizationType.NONE && !apiKeyRequired;
}

/** What the routes of incidents read by: the lists of days, the incidents in them, and one incident. */
function grantReadOf(incidents: ITable, grantee: IGrantable) {
  grantTableKey(incidents, grantee, 'read');
  incidents.grant(grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
}
