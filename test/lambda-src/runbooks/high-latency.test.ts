import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogQuery, SeriesQuery, Span } from '../../../lambda-src/runbooks/framework/port';
import { judge, runRunbook } from '../../../lambda-src/runbooks/framework/run';
import { highLatency } from '../../../lambda-src/runbooks/high-latency/definition';
import { requestOf, runScenario } from '../../../lambda-src/scenarios/run-scenario';
import { parseScenario } from '../../../lambda-src/scenarios/schema';
import { World } from '../../../lambda-src/scenarios/world';

const path = (name: string) => join(__dirname, '..', '..', 'scenarios', 'high-latency', `${name}.yaml`);

/** Remembers what was asked. */
class AskedWorld extends World {
  readonly series: SeriesQuery[] = [];
  readonly queries: LogQuery[] = [];

  async metrics(queries: SeriesQuery[], span: Span) {
    this.series.push(...queries);
    return super.metrics(queries, span);
  }

  async logLines(query: LogQuery) {
    this.queries.push(query);
    return super.logLines(query);
  }
}

async function ask(name: string) {
  const scenario = parseScenario(readFileSync(path(name), 'utf8'), name);
  const world = new AskedWorld(scenario);
  const result = await runRunbook(highLatency, requestOf(scenario, world), world, () => world.now);
  return { world, result };
}

test('percentiles and counts are asked for, of the API and of the function; an average never', async () => {
  const { world } = await ask('tail');
  const asked = new Set(world.series.map(({ name, statistic }) => `${name} ${statistic}`));
  const expected = ['Latency', 'IntegrationLatency', 'Duration'].flatMap((name) => ['p50', 'p90', 'p99'].map((statistic) => `${name} ${statistic}`));
  expect([...asked]).toEqual(expect.arrayContaining([...expected, 'Count Sum', 'Invocations Sum']));
  expect([...asked].filter((one) => one.endsWith('Average'))).toEqual([]);
});

test('a log is scanned once for each span, and a second time only where it is too long to be read', async () => {
  expect((await ask('cold-starts')).world.queries).toHaveLength(2);
  expect((await ask('cold-starts-busy')).world.queries).toHaveLength(4);
});

test.each(['tail', 'cold-starts', 'timeout', 'change-by-version', 'queue-age', 'access-denied', 'recovered'])(
  'stored evidence of "%s" is judged the same way again', async (name) => {
    const { request, result } = await runScenario(path(name), highLatency);
    const { evidence, notChecked, metrics } = JSON.parse(JSON.stringify(result)) as typeof result;
    const { windows } = evidence.find(({ id }) => id === 'alarm.metric')!.data as { windows: Parameters<typeof judge>[2] };
    const again = judge(highLatency, request, windows, evidence, notChecked, metrics);
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(result)));
  });

test('names as long as they may be leave the verdict readable, and the summary within its length', async () => {
  const long = 'shop-production-orders-function-'.padEnd(64, 'x');
  const yaml = readFileSync(path('change'), 'utf8').replaceAll('orders-fn', long);
  const { result } = await runScenario({ ...parseScenario(yaml, 'long') }, highLatency);
  expect(result.verdict.ruleId).toBe('HL-10');
  expect(result.summary.length).toBeLessThanOrEqual(280);
  expect(result.summary).toContain('Since 09:48 UTC');
  expect(result.findings[0].summary).toMatch(/deploy-role\), and takes longer since: p50 700 ms \(before 60 ms\)\.$/);
});
