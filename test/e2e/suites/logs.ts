import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionConfiguration, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Environment } from '../environment';

/** What the functions log. It comes last, when all have run. */
export function functionLogs(deployed: () => Environment) {
  test('all that our functions tell is a line of JSON each, with level and request id, of which what is told are fields', async () => {
    const { cloud } = deployed();
    const functions: FunctionConfiguration[] = [];
    for await (const page of paginateListFunctions({ client: new LambdaClient(cloud.clientConfig()) }, {})) functions.push(...page.Functions ?? []);
    const groups = functions.filter(({ LoggingConfig }) => LoggingConfig?.LogFormat === 'JSON').map(({ LoggingConfig }) => LoggingConfig!.LogGroup!);
    const told = new Map<string, any[]>();
    for (const logGroupName of new Set(groups)) {
      for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient(cloud.clientConfig()) }, { logGroupName })) {
        // Of an invocation and of its failure, MiniStack tells in text; an object told in text would begin with a brace, too.
        const entries = events.filter(({ message = '' }) => message.startsWith('{')).map(({ message }) => JSON.parse(message!));
        // Embedded metrics are lines of their own form, and Node.js warns of what MiniStack does.
        for (const entry of entries.filter(({ _aws, message }) => _aws === undefined && !/^\(node:/.test(message))) {
          expect(entry).toEqual({
            timestamp: expect.stringMatching(/Z$/),
            level: expect.stringMatching(/^(INFO|WARN|ERROR)$/),
            requestId: expect.stringMatching(/^[\w-]{36}$/),
            message: expect.objectContaining({ message: expect.any(String) }),
          });
          told.set(entry.message.message, [...told.get(entry.message.message) ?? [], entry]);
        }
      }
    }
    expect([...told.keys()]).toEqual(expect.arrayContaining(['request', 'log object stored', 'message processed', 'investigated', 'days computed', 'log objects queued']));
    expect(told.get('request')).toContainEqual(expect.objectContaining({ message: expect.objectContaining({ method: 'GET', resource: '/metrics', status: 200, durationMs: expect.any(Number) }) }));
  });
}
