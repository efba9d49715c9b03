import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionConfiguration, LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { eventsOf } from '../../../tools/local-cloud/function-logs';
import type { Environment } from '../environment';

/** What the functions log. It comes last, when all have run. */
export function functionLogs(deployed: () => Environment) {
  test('all that our functions tell is a line of JSON each, with level and request id, of which what is told are fields', async () => {
    const { cloud } = deployed();
    const functions: FunctionConfiguration[] = [];
    for await (const page of paginateListFunctions({ client: new LambdaClient(cloud.clientConfig()) }, {})) functions.push(...page.Functions ?? []);
    const groups = functions.filter(({ LoggingConfig }) => LoggingConfig?.LogFormat === 'JSON').map(({ LoggingConfig }) => LoggingConfig!.LogGroup!);
    const logs = new CloudWatchLogsClient(cloud.clientConfig());
    const events = (await Promise.all([...new Set(groups)].map((group) => eventsOf(logs, group)))).flat();
    // Of an invocation and of its failure, MiniStack tells in text; an object told in text would begin with a brace, too.
    const lines = events.filter(({ message = '' }) => message.startsWith('{')).map(({ message }) => JSON.parse(message!));
    // Embedded metrics are lines of their own form, and Node.js warns of what MiniStack does.
    const entries = lines.filter(({ _aws, message }) => _aws === undefined && !/^\(node:/.test(message));
    for (const entry of entries) {
      expect(entry).toEqual({
        timestamp: expect.stringMatching(/Z$/),
        level: expect.stringMatching(/^(INFO|WARN|ERROR)$/),
        requestId: expect.stringMatching(/^[\w-]{36}$/),
        message: expect.objectContaining({ message: expect.any(String) }),
      });
    }
    const told = entries.map(({ message }) => message);
    expect(told.map(({ message }) => message)).toEqual(expect.arrayContaining(['request', 'log object stored', 'message processed', 'investigated', 'days computed', 'log objects queued']));
    expect(told).toContainEqual(expect.objectContaining({ message: 'request', method: 'GET', resource: '/metrics', status: 200, durationMs: expect.any(Number) }));
  });
}
