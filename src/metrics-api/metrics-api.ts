import { Annotations, Duration, Names, Size } from 'aws-cdk-lib';
import { AuthorizationType, EndpointType, LambdaIntegration, MethodOptions, RestApi, ThrottleSettings } from 'aws-cdk-lib/aws-apigateway';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ApiAuthorization } from './api-authorization';
import { addProblemResponses } from './problem-responses';
import { FunctionOptions } from '../function-options';
import { IMetricsStore } from '../metrics-store';
import { MonitoringFunction } from '../private/monitoring-function';
import { API_ROUTES, RouteAccess } from '../private/shared/api-routes';
import { Env } from '../private/shared/environment';

/** Options of the metrics API. */
export interface MetricsApiOptions {
  /**
   * Who may call it.
   *
   * @default ApiAuthorization.iam()
   */
  readonly authorization?: ApiAuthorization;

  /**
   * How many requests are let through, for all callers together.
   *
   * @default - 50 requests a second, bursts of 100
   */
  readonly throttle?: ThrottleSettings;

  /**
   * Name of the stage, the first part of every path.
   *
   * @default 'v1'
   */
  readonly stageName?: string;

  /**
   * How the API's function is run.
   *
   * @default - no VPC, ARM, 256 MiB, logs kept for a month
   */
  readonly functionOptions?: FunctionOptions;
}

/** Properties of a `MetricsApi`. */
export interface MetricsApiProps extends MetricsApiOptions {
  /** Where the metrics are. */
  readonly store: IMetricsStore;
}

/** API Gateway waits 29 s for an integration; the function ends before, so that its own answer arrives. */
const API_TIMEOUT = Duration.seconds(28);

/**
 * Serves the metrics: a REST API in front of the `ApiLambda` function, with `GET` and `POST /metrics`, the catalogue under
 * `/services`, and `GET /health`.
 */
export class MetricsApi extends Construct {
  /** The REST API. */
  public readonly restApi: RestApi;
  /** The function behind it. */
  public readonly handler: Function;
  /** Address of the API's stage, with a slash at its end. */
  public readonly url: string;

  constructor(scope: Construct, id: string, props: MetricsApiProps) {
    super(scope, id);
    const handler = new MonitoringFunction(this, 'ApiLambda', {
      asset: 'metrics-api',
      description: 'Answers the metrics API',
      timeout: API_TIMEOUT,
      options: props.functionOptions,
      environment: {
        [Env.METRICS_TABLE]: props.store.table.tableName,
        [Env.SAMPLE_RETENTION_DAYS]: `${props.store.sampleRetention.toDays()}`,
        [Env.ROLLUP_RETENTION_DAYS]: `${props.store.rollupRetention.toDays()}`,
      },
    });
    this.handler = handler;
    props.store.grantRead(handler);
    props.store.grantWrite(handler);

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
      },
    });
    // The L2 makes an output by itself; the library makes none: whoever needs the address has `url`.
    this.restApi.node.tryRemoveChild('Endpoint');
    this.url = this.restApi.url;
    addProblemResponses(this.restApi);
    // One permission for the whole API: one for each method would be twenty resources of a user's five hundred.
    const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    this.addRoutes(integration, props.authorization ?? ApiAuthorization.iam());
  }

  /**
   * Allows calling the routes that read. Only with `ApiAuthorization.iam()`.
   *
   * @param grantee who may read
   */
  public grantRead(grantee: IGrantable): Grant {
    return this.grant(grantee, 'read');
  }

  /**
   * Allows calling the routes that write. Only with `ApiAuthorization.iam()`.
   *
   * @param grantee who may write
   */
  public grantWrite(grantee: IGrantable): Grant {
    return this.grant(grantee, 'write');
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

  private inStage(): MetricOptions {
    return { dimensionsMap: { ApiName: this.restApi.restApiName, Stage: this.restApi.deploymentStage.stageName } };
  }

  private grant(grantee: IGrantable, access: RouteAccess): Grant {
    const { stageName } = this.restApi.deploymentStage;
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: API_ROUTES.filter((route) => route.access === access)
        .map(({ method, path }) => this.restApi.arnForExecuteApi(method, path.replace(/\{[^}]+\}/g, '*'), stageName)),
    });
  }

  private addRoutes(integration: LambdaIntegration, authorization: ApiAuthorization) {
    const authorized = authorization.bind(this.restApi);
    if (authorized.authorizationType === AuthorizationType.NONE) {
      Annotations.of(this).addWarningV2('cdk-serverless-monitoring:openApi',
        `${this.node.path}: everybody may read and write metrics (ApiAuthorization.none()). Use ApiAuthorization.iam(), .cognito(...) or .custom(...).`);
    }
    const open: MethodOptions = { authorizationType: AuthorizationType.NONE };
    // ANY answers the other methods of a known path: the handler says 405 and which it has.
    for (const path of new Set(API_ROUTES.map((route) => route.path))) {
      const routes = API_ROUTES.filter((route) => route.path === path);
      const resource = this.restApi.root.resourceForPath(path);
      routes.forEach(({ method, access }) => resource.addMethod(method, integration, access === 'open' ? open : authorized));
      resource.addMethod('ANY', integration, routes.every(({ access }) => access === 'open') ? open : authorized);
    }
  }
}
