import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { deploy } from '../../tools/local-cloud/deploy';
import { LocalCloud, startLocalCloud } from '../../tools/local-cloud/local-cloud';
import { run } from '../../tools/local-cloud/processes';
import { askApi } from '../../tools/local-cloud/signed-fetch';
import { makeOnce, PROJECT_FOLDER } from '../../tools/local-cloud/state-folder';

/** The newest CDK that was tried: what a user's `npm install` brings. The project itself is compiled against the oldest it allows. */
const NEWEST_CDK = '2.276.0';

/** What a person types who has just heard of the package: nothing of this checkout is in it. */
const APP = `
const { App, Stack } = require('aws-cdk-lib');
const { ServerlessMonitoring } = require('cdk-serverless-monitoring');

const app = new App();
new ServerlessMonitoring(new Stack(app, 'Packaged'), 'Monitoring');
app.synth();
`;

/** A backlog that no earlier day had. */
const SCENARIO = `
title: A backlog
runbook: general
alarm: { namespace: AWS/SQS, metric: Age, dimensions: { QueueName: jobs }, statistic: Maximum, threshold: 100, at: 2026-11-20T10:00:00Z }
world:
  metrics:
    - { metric: AWS/SQS/Age, dimensions: { QueueName: jobs }, statistic: Maximum, values: { -8d..-20m: 5, -20m..+5m: 400 } }
expect: { rule: GE-02 }
`;

/** Compiles and packs a copy of the project, so that the checkout stays as it is; returns the tarball. */
async function pack(folder: string): Promise<string> {
  mkdirSync(folder);
  for (const part of ['src', 'assets', 'bin', 'scenarios', 'contract', 'package.json', 'tsconfig.json', '.npmignore', 'README.md', 'LICENSE', 'THIRD_PARTY_LICENSES']) {
    cpSync(join(PROJECT_FOLDER, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(PROJECT_FOLDER, 'node_modules'), join(folder, 'node_modules'));
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' };
  await run(join(PROJECT_FOLDER, 'node_modules', '.bin', 'jsii'), ['--silence-warnings=reserved-word'], { what: 'compiling the package', cwd: folder, env });
  const packed = await run('npm', ['pack', '--json', '--loglevel=error'], { what: 'npm pack', cwd: folder });
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('[')));
  return join(folder, filename);
}

/** The folder of the newest CDK, fetched once. */
async function newestCdk(): Promise<string> {
  const folder = await makeOnce(`cdk-${NEWEST_CDK}`, async (fresh) => {
    const packages = [`aws-cdk-lib@${NEWEST_CDK}`, 'constructs@^10.5.1'];
    await run('npm', ['install', '--prefix', fresh, '--no-audit', '--no-fund', '--no-package-lock', ...packages], { what: 'fetching the newest CDK', cwd: fresh });
  });
  return join(folder, 'node_modules');
}

/** An empty CDK app with the package in it. Offline: it can be installed so only because it depends on nothing. */
async function install(folder: string, tarball: string) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'app.js'), APP);
  await run('npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', tarball], { what: 'npm install', cwd: folder });
  const peers = await newestCdk();
  for (const peer of ['aws-cdk-lib', 'constructs']) symlinkSync(join(peers, peer), join(folder, 'node_modules', peer));
}

describe('the packed package, in an app of its own, with the newest CDK', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packaged-'));
  const app = join(folder, 'app');
  const installed = join(app, 'node_modules', 'cdk-serverless-monitoring');
  let cloud: LocalCloud;

  beforeAll(async () => {
    const tarball = await pack(join(folder, 'project'));
    await install(app, tarball);
    cloud = await startLocalCloud();
  }, 180_000);

  afterAll(() => {
    cloud?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('depends on nothing but the CDK', () => {
    const { dependencies = {}, peerDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(dependencies).toEqual({});
    expect(Object.keys(peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
  });

  test('holds what users need, and no source', () => {
    const contract = ['contract/v1.d.ts', 'contract/v1.js', 'contract/request-v1.schema.json', 'contract/result-v1.schema.json'];
    const tools = ['bin/cli.mjs', 'scenarios/index.js', 'scenarios/index.d.ts', 'scenarios/port.d.ts'];
    const there = ['lib/index.js', 'lib/index.d.ts', '.jsii', 'assets/log-processor/index.mjs', 'README.md', 'LICENSE', 'THIRD_PARTY_LICENSES', ...contract, ...tools];
    const notThere = ['src', 'lambda-src', 'cli', 'test', 'tools', 'tsconfig.json', 'lib/index.ts'];
    expect(there.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
    expect(notThere.filter((path) => existsSync(join(installed, path)))).toEqual([]);
  });

  test.each([
    ['node10', 'commonjs', 'handler.ts', 'v1'], ['node16', 'node16', 'handler.mts', 'v1.js'], ['bundler', 'esnext', 'handler.ts', 'v1'],
  ])('a handler compiles against the contract: resolution as %s', async (resolution, module, name, file) => {
    writeFileSync(join(app, name), `
      import { MAX_SUMMARY_LENGTH, type RunbookRequest, type RunbookResult } from 'cdk-serverless-monitoring/contract/${file}';
      export const summaryOf = ({ alarm }: RunbookRequest): RunbookResult['summary'] => alarm.name.slice(0, MAX_SUMMARY_LENGTH);
    `);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--lib', 'es2022', '--ignoreDeprecations', '6.0', '--module', module, '--moduleResolution', resolution];
    await run(join(PROJECT_FOLDER, 'node_modules', '.bin', 'tsc'), [...options, name], { what: 'compiling a handler', cwd: app });
  });

  test('the limits can be imported by both kinds of module', async () => {
    const print = "import { MAX_RESULT_BYTES } from 'cdk-serverless-monitoring/contract/v1.js'; console.log(MAX_RESULT_BYTES);";
    expect(await run('node', ['--input-type=module', '--eval', print], { what: 'importing the limits', cwd: app })).toContain('204800');
    expect(await run('node', ['--print', "require('cdk-serverless-monitoring/contract/v1').MAX_RESULT_BYTES"], { what: 'requiring the limits', cwd: app })).toContain('204800');
  });

  test('its command runs a scenario', async () => {
    writeFileSync(join(app, 'backlog.yaml'), SCENARIO);
    const command = join(app, 'node_modules', '.bin', 'cdk-serverless-monitoring');
    expect(await run(command, ['scenarios', 'backlog.yaml'], { what: 'running a scenario', cwd: app })).toMatch(/^holds {4}backlog\.yaml {2}GE-02 [\s\S]*1 scenario: all hold/);
  });

  test.each([
    ['node10', 'commonjs', 'kit.ts', 'scenarios'], ['node16', 'node16', 'kit.mts', 'scenarios/index.js'], ['bundler', 'esnext', 'kit.ts', 'scenarios'],
  ])('a test compiles against the scenario kit: resolution as %s', async (resolution, module, name, file) => {
    writeFileSync(join(app, name), `
      import { runScenario, testScenarios, type ScenarioHandler } from 'cdk-serverless-monitoring/${file}';
      export const handler: ScenarioHandler = async ({ runId, alarm }, world) => {
        const { seen } = await world.metrics([{ id: 'seen', ...alarm.metrics[0] }], { start: world.alarmAt, end: world.now });
        throw new Error(runId + seen.status);
      };
      export const holds: Promise<boolean> = runScenario('backlog.yaml', { handler }).then((outcome) => outcome.holds);
      testScenarios('scenarios');
    `);
    const options = ['--noEmit', '--strict', '--ignoreDeprecations', '6.0', '--module', module, '--moduleResolution', resolution];
    await run(join(PROJECT_FOLDER, 'node_modules', '.bin', 'tsc'), [...options, name], { what: 'compiling a test', cwd: app });
  });

  test('the scenario kit makes tests, and can be imported by both kinds of module', async () => {
    writeFileSync(join(app, 'backlog.yaml'), SCENARIO);
    writeFileSync(join(app, 'scenarios.test.cjs'), `
      const { testScenarios } = require('cdk-serverless-monitoring/scenarios');
      testScenarios('backlog.yaml', { test: require('node:test') });
    `);
    expect(await run('node', ['--test', 'scenarios.test.cjs'], { what: 'testing a scenario', cwd: app })).toMatch(/pass 1\n/);
    const print = "import { runScenario } from 'cdk-serverless-monitoring/scenarios/index.js'; console.log(await runScenario('backlog.yaml'));";
    expect(await run('node', ['--input-type=module', '--eval', print], { what: 'importing the kit', cwd: app })).toContain('holds: true');
  });

  test('the CDK\'s own validator has no finding', async () => {
    const assembly = join(folder, 'assembly');
    const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
    const env = { ...process.env, CDK_VALIDATION: 'true', CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify(context) };
    await run('node', ['app.js'], { what: 'synthesising with the validator', cwd: app, env });
    const { pluginReports } = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
    expect(pluginReports).toEqual([]);
  });

  test('a stack with ServerlessMonitoring, no props, and nothing else deploys, and its API answers', async () => {
    await deploy(cloud, { folder: app, app: 'node app.js' });
    const { Stacks = [] } = await new CloudFormationClient(cloud.clientConfig()).send(new DescribeStacksCommand({ StackName: 'Packaged' }));
    expect(Stacks[0].StackStatus).toBe('CREATE_COMPLETE');
    const { items = [] } = await new APIGatewayClient(cloud.clientConfig()).send(new GetRestApisCommand({}));
    const { status, json } = await askApi(cloud, `${cloud.endpoint}/restapis/${items[0].id}/v1/_user_request_/health`, { as: 'none' });
    expect({ status, json }).toEqual({ status: 200, json: { status: 'ok' } });
  });
});
