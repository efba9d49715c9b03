import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ApiKey, TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ofType, Resource, statementsOf, synth } from './synth';
import { openApiDocument } from '../../lambda-src/metrics-api/openapi/document';
import { AlertingWithRunbooks, ApiAuthorization, MetricsApi, MetricsApiOptions, MetricsApiProps, MetricsStore, ServerlessMonitoring } from '../../src';

/** An API over a store, alone in its stack. */
function synthApi(optionsOf: (stack: Stack) => MetricsApiOptions & Pick<MetricsApiProps, 'incidents'> = () => ({}), more: (api: MetricsApi, stack: Stack) => void = () => undefined) {
  return synth((stack) => {
    const api = new MetricsApi(stack, 'Api', { store: new MetricsStore(stack, 'Store'), ...optionsOf(stack) });
    more(api, stack);
    return api;
  });
}

/** Path and method of every method, with its properties. */
function methodsOf(resources: Record<string, Resource>): { path: string; method: string; properties: Record<string, any> }[] {
  const pathOf = (id: string | undefined): string => {
    const { ParentId, PathPart } = resources[id ?? '']?.Properties ?? {};
    return PathPart === undefined ? '' : `${pathOf(ParentId.Ref)}/${PathPart}`;
  };
  return ofType(resources, 'AWS::ApiGateway::Method')
    .map(({ Properties }) => ({ path: pathOf(Properties.ResourceId.Ref), method: Properties.HttpMethod, properties: Properties }));
}

const incidentTable = (stack: Stack) => new AlertingWithRunbooks(stack, 'Alerting').incidents;

/** The environment variables of the API's function. */
const variablesOf = (resources: Record<string, Resource>) => Object.entries(resources).find(([id]) => /^Api.*ApiLambda[0-9A-F]{8}$/.test(id))![1].Properties.Environment.Variables;

const isOpen = (path: string) => path === '/health';
const isPrometheus = (path: string) => path.startsWith('/prometheus');

function makeFunction(stack: Stack): Function {
  return new Function(stack, 'Authorizer', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline('exports.handler = async () => ({})') });
}

const CHOICES: { name: string; choose: (stack: Stack) => ApiAuthorization; asks: object; resource?: string }[] = [
  { name: 'iam', choose: () => ApiAuthorization.iam(), asks: { AuthorizationType: 'AWS_IAM' } },
  {
    name: 'cognito',
    choose: (stack) => ApiAuthorization.cognito(new UserPool(stack, 'Users')),
    asks: { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: expect.anything() },
    resource: 'AWS::ApiGateway::Authorizer',
  },
  {
    name: 'custom',
    choose: (stack) => ApiAuthorization.custom(new TokenAuthorizer(stack, 'Token', { handler: makeFunction(stack) })),
    asks: { AuthorizationType: 'CUSTOM', AuthorizerId: expect.anything() },
    resource: 'AWS::ApiGateway::Authorizer',
  },
  { name: 'apiKey', choose: () => ApiAuthorization.apiKey(), asks: { AuthorizationType: 'NONE', ApiKeyRequired: true }, resource: 'AWS::ApiGateway::UsagePlanKey' },
];

describe('who may call', () => {
  test.each(CHOICES)('$name: every route but /health asks for it, and nothing warns', ({ choose, asks, resource }) => {
    const { stack, resources, template } = synthApi((scope) => ({ authorization: choose(scope) }));
    const methods = methodsOf(resources);
    expect(methods.length).toBeGreaterThan(12);
    for (const { path, properties } of methods) {
      expect({ path, ...properties }).toMatchObject({ path, ...(isOpen(path) ? { AuthorizationType: 'NONE' } : asks) });
      if (isOpen(path)) expect(properties.ApiKeyRequired ?? false).toBe(false);
    }
    if (resource) template.resourceCountIs(resource, 1);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each(CHOICES)('$name for Prometheus alone: its route asks for it, the others for IAM', ({ choose, asks }) => {
    const { resources } = synthApi((scope) => ({ prometheus: { authorization: choose(scope) } }));
    for (const { path, properties } of methodsOf(resources)) {
      if (!isOpen(path)) expect({ path, ...properties }).toMatchObject({ path, ...(isPrometheus(path) ? asks : { AuthorizationType: 'AWS_IAM' }) });
    }
  });

  test.each([...CHOICES, { name: 'none', choose: () => ApiAuthorization.none() }])('$name for Prometheus alone: the function can tell whether that is open', ({ name, choose }) => {
    expect(variablesOf(synthApi((scope) => ({ prometheus: { authorization: choose(scope) } })).resources).PROMETHEUS_OPEN).toBe(`${name === 'none'}`);
    expect(variablesOf(synthApi((scope) => ({ authorization: choose(scope) })).resources)).not.toHaveProperty('PROMETHEUS_OPEN');
  });

  test('none: synthesis warns, and says for which routes', () => {
    const all = synthApi(() => ({ authorization: ApiAuthorization.none() }));
    const warning = (prop: string) => Match.stringLikeRegexp(`Stack/Api: everybody may call it \\(${prop}: ApiAuthorization.none\\(\\)\\)`);
    Annotations.fromStack(all.stack).hasWarning('/Stack/Api', warning('authorization'));
    const prometheus = synthApi(() => ({ prometheus: { authorization: ApiAuthorization.none() } }));
    Annotations.fromStack(prometheus.stack).hasWarning('/Stack/Api', warning('prometheus.authorization'));
  });

  test('two user pools: an authorizer for each', () => {
    const { template } = synthApi((stack) => ({
      authorization: ApiAuthorization.cognito(new UserPool(stack, 'Staff')),
      prometheus: { authorization: ApiAuthorization.cognito(new UserPool(stack, 'Dashboards')) },
    }));
    template.resourceCountIs('AWS::ApiGateway::Authorizer', 2);
  });

  test('a key is made where none is given, and the API tells which', () => {
    const { built, template } = synthApi(() => ({ prometheus: { authorization: ApiAuthorization.apiKey() } }));
    expect(built.apiKeys).toHaveLength(1);
    template.hasResourceProperties('AWS::ApiGateway::ApiKey', { Enabled: true, Description: 'Opens Stack/Api/Resource' });
    template.hasResourceProperties('AWS::ApiGateway::UsagePlan', { ApiStages: [Match.objectLike({ Stage: Match.anyValue() })] });
  });

  test('keys of one\'s own, shared by both kinds of routes, are put into one plan once', () => {
    const { built, template } = synthApi((stack) => {
      const [grafana, team] = ['Grafana', 'Team'].map((id) => new ApiKey(stack, id));
      return { authorization: ApiAuthorization.apiKey(grafana, team), prometheus: { authorization: ApiAuthorization.apiKey(grafana) } };
    });
    expect(built.apiKeys).toHaveLength(2);
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 2);
    template.resourceCountIs('AWS::ApiGateway::UsagePlan', 1);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 2);
  });

  test('grants: reading opens the routes that read and Prometheus by any method, writing opens POST /metrics, and incidents have a grant of their own', () => {
    const allowed = (grant: 'grantRead' | 'grantWrite' | 'grantReadIncidents') => {
      const { resources } = synthApi((stack) => ({ incidents: incidentTable(stack) }), (api, stack) => {
        api[grant](new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
      });
      const [policy] = Object.entries(resources).filter(([id]) => id.startsWith('CallerDefaultPolicy')).map(([, { Properties }]) => Properties);
      const [{ Action, Resource: arns }] = policy.PolicyDocument.Statement;
      expect(Action).toBe('execute-api:Invoke');
      // `<arn of the api>/v1/GET/metrics`
      return [arns].flat().map((arn: any) => arn['Fn::Join'][1].at(-1).replace(/^\//, ''));
    };
    expect(allowed('grantRead')).toEqual(['GET/metrics', 'GET/services', 'GET/services/*/metrics', 'GET/health/deep', 'GET/openapi.json', '*/prometheus/*']);
    expect(allowed('grantWrite')).toEqual(['POST/metrics']);
    expect(allowed('grantReadIncidents')).toEqual(['GET/incidents', 'GET/incidents/*']);
  });
});

describe('incidents', () => {
  const pathsOf = (resources: Record<string, Resource>) => methodsOf(resources).filter(({ path }) => path.startsWith('/incidents')).map(({ path, method }) => `${method} ${path}`).sort();
  const actionsOn = (resources: Record<string, Resource>, table: RegExp) => statementsOf(resources, /^Api.*ApiLambda/)
    .filter(({ Resource: on }) => table.test(JSON.stringify(on))).flatMap(({ Action }) => Action).sort();

  test('without their table there is nothing of them: no resource, no variable, no permission', () => {
    const { resources } = synthApi(undefined, (_api, stack) => incidentTable(stack));
    expect(pathsOf(resources)).toEqual([]);
    expect(ofType(resources, 'AWS::ApiGateway::Resource').map(({ Properties }) => Properties.PathPart)).not.toContain('incidents');
    expect(variablesOf(resources)).not.toHaveProperty('INCIDENT_TABLE');
    expect(actionsOn(resources, /Incidents/)).toEqual([]);
  });

  test('with it they have routes, and the function reads the table, by its key, and no more', () => {
    const { resources } = synthApi((stack) => ({ incidents: incidentTable(stack) }));
    expect(pathsOf(resources)).toEqual(['ANY /incidents', 'ANY /incidents/{id}', 'GET /incidents', 'GET /incidents/{id}']);
    expect(variablesOf(resources)).toMatchObject({ INCIDENT_TABLE: { Ref: expect.stringMatching(/^AlertingIncidents/) } });
    expect(actionsOn(resources, /Incidents/)).toEqual(['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query']);
  });

  test('a table with a key of one\'s own is read with it', () => {
    const { resources } = synthApi((stack) => ({
      incidents: new Table(stack, 'Own', {
        partitionKey: { name: 'pk', type: AttributeType.STRING }, sortKey: { name: 'sk', type: AttributeType.STRING }, encryption: TableEncryption.CUSTOMER_MANAGED,
      }),
    }));
    expect(actionsOn(resources, /OwnKey/)).toEqual(['kms:Decrypt', 'kms:DescribeKey']);
  });

  test('a grant on an API without them says what is missing', () => {
    expect(() => synthApi(undefined, (api, stack) => api.grantReadIncidents(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }))))
      .toThrow('Stack/Api: grantReadIncidents allows the routes under /incidents, which this API does not have. Give it the table of incidents: incidents: alerting.incidents');
  });

  test('ServerlessMonitoring wires its own', () => {
    const { resources } = synth((stack) => {
      const monitoring = new ServerlessMonitoring(stack, 'Monitoring');
      monitoring.metricsApi.grantReadIncidents(new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    });
    expect(pathsOf(resources)).toHaveLength(4);
    expect(JSON.stringify(statementsOf(resources, /MetricsApi.*ApiLambda/))).toMatch(/MonitoringAlertingIncidents/);
  });
});

describe('pages of other origins', () => {
  test('are not let call unless origins are named', () => {
    const { resources, template } = synthApi();
    expect(methodsOf(resources).filter(({ method }) => method === 'OPTIONS')).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain('Access-Control-Allow-Origin');
  });

  test.each(['https://dashboards.example.com/', 'https://example.com/path', 'dashboards.example.com', 'https://*.example.com', 'https://a.example.com,https://b.example.com', ''])(
    '%p is no origin', (origin) => {
      expect(() => synthApi(() => ({ cors: { allowOrigins: [origin] } }))).toThrow(`Stack/Api: cors.allowOrigins has '${origin}'; an origin is a scheme and a host`);
    });

  test('no origin at all is told, not taken for all', () => {
    expect(() => synthApi(() => ({ cors: { allowOrigins: [] } }))).toThrow('Stack/Api: cors.allowOrigins is empty');
  });

  test('every path answers the browser\'s first request, unasked for credentials; the function and the gateway name the origin too', () => {
    const { resources, template } = synthApi(() => ({ cors: { allowOrigins: ['https://dashboards.example.com'] } }));
    const methods = methodsOf(resources);
    const preflights = methods.filter(({ method }) => method === 'OPTIONS');
    expect(preflights.map(({ path }) => path).sort()).toEqual([...new Set(methods.map(({ path }) => path))].sort());
    for (const { properties } of preflights) {
      expect(properties).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
      const [{ ResponseParameters }] = properties.Integration.IntegrationResponses;
      expect(ResponseParameters).toMatchObject({
        'method.response.header.Access-Control-Allow-Origin': "'https://dashboards.example.com'",
        'method.response.header.Access-Control-Allow-Methods': "'GET,POST'",
        'method.response.header.Access-Control-Max-Age': "'3600'",
      });
    }
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { CORS_ORIGINS: 'https://dashboards.example.com' } } });
    for (const { Properties } of ofType(resources, 'AWS::ApiGateway::GatewayResponse')) {
      expect(Properties.ResponseParameters['gatewayresponse.header.Access-Control-Allow-Origin']).toBe("'https://dashboards.example.com'");
    }
  });
});

describe('what the gateway answers by itself', () => {
  const { resources } = synthApi();
  const answers = ofType(resources, 'AWS::ApiGateway::GatewayResponse').map(({ Properties }) => Properties);

  test('is problem+json, of every kind there is', () => {
    expect(answers.map(({ ResponseType }) => ResponseType)).toEqual(expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX']));
    for (const { ResponseParameters, ResponseTemplates, StatusCode } of answers) {
      expect(ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      const body = JSON.parse(ResponseTemplates['application/json'].replace('$context.error.messageString', '"The gateway\'s own."'));
      expect(body).toEqual({ type: 'about:blank', title: expect.stringMatching(/^[A-Z]/), status: Number(StatusCode), detail: expect.stringMatching(/\.$/) });
    }
  });

  test('is in the API\'s description, but for paths that are not there', () => {
    const statuses = answers.filter(({ ResponseType }) => ResponseType !== 'RESOURCE_NOT_FOUND').flatMap(({ StatusCode }) => StatusCode ?? []);
    expect(statuses.length).toBeGreaterThan(5);
    const described = Object.keys((openApiDocument('/') as any).paths['/metrics'].post.responses);
    expect(statuses.filter((status) => !described.includes(status))).toEqual([]);
  });
});

test('a log group is the place of access logs, as JSON; the account\'s role is left alone', () => {
  const { template } = synthApi((stack) => ({ accessLogGroup: new LogGroup(stack, 'AccessLogs') }));
  template.hasResourceProperties('AWS::ApiGateway::Stage', {
    AccessLogSetting: { DestinationArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AccessLogs'), 'Arn'] }, Format: Match.stringLikeRegexp('"requestId":"\\$context.requestId"') },
  });
  template.resourceCountIs('AWS::ApiGateway::Account', 0);
});

test('metrics are those of this API\'s stage, and of its function', () => {
  const { built } = synthApi();
  const metrics = [built.metricRequests(), built.metricClientErrors(), built.metricServerErrors(), built.metricLatency()];
  expect(metrics.map(({ metricName, statistic }) => [metricName, statistic]))
    .toEqual([['Count', 'Sum'], ['4XXError', 'Sum'], ['5XXError', 'Sum'], ['Latency', 'p99']]);
  for (const { dimensions } of metrics) expect(dimensions).toEqual({ ApiName: built.restApi.restApiName, Stage: expect.anything() });
  expect(built.metricThrottles()).toMatchObject({ namespace: 'AWS/Lambda', metricName: 'Throttles', statistic: 'Sum' });
});

