import { join, relative } from 'node:path';
import { howToUse } from './demo/how-to-use';
import { Narrator } from './demo/narrator';
import { countSamples, failingCheckout, healthyHour } from './demo/sample-logs';
import { differences, Series, Shop } from './demo/shop';
import { deploy } from './local-cloud/deploy';
import { eventually } from './local-cloud/eventually';
import { keepFunctionLogs } from './local-cloud/function-logs';
import { LocalCloud, Mail, startLocalCloud } from './local-cloud/local-cloud';
import { PROJECT_FOLDER } from './local-cloud/state-folder';

/** The whole product on this machine, without an AWS account: `npm run demo`, or `npm run demo -- --keep`. */
const keep = process.argv.includes('--keep');
const tell = new Narrator();

async function main() {
  const unknown = process.argv.slice(2).filter((argument) => argument !== '--keep');
  if (unknown.length > 0) throw new Error(`Unknown argument ${unknown.join(' ')}: there is only --keep, which leaves the local cloud running.`);
  tell.title('cdk-serverless-monitoring, at work on this machine');

  tell.step('Start a local AWS (MiniStack), which enforces IAM as AWS does');
  const cloud = await startLocalCloud({ tell: (line) => tell.say(line), mayOutliveUs: keep });
  tell.done(`it listens on ${cloud.endpoint}`);
  try {
    const shop = await deployShop(cloud);
    const summary = [
      await uploadAndCompare(shop),
      await postMetric(shop),
      await breakCheckout(cloud, shop),
    ];
    if (keep) {
      cloud.release();
      tell.step('It is left running, as you asked');
      tell.say(howToUse(cloud, shop.apiUrl));
    } else {
      cloud.stop();
    }
    tell.step('Summary');
    summary.forEach((line) => tell.say(line));
    tell.say(`all of it took ${tell.elapsed}; ${keep ? 'it is still there' : 'it is stopped and gone (npm run demo -- --keep leaves it running)'}`);
  } catch (error) {
    const logFile = await keepFunctionLogs(cloud);
    throw new Error(`${(error as Error).message}\n\nThe local cloud's log: ${shown(cloud.logFile)}\nThe functions' logs:   ${shown(logFile)}`);
  }
}

async function deployShop(cloud: LocalCloud): Promise<Shop> {
  tell.step('Deploy examples/typescript/basic with the real CDK CLI');
  const folder = join(PROJECT_FOLDER, 'examples', 'typescript', 'basic');
  const { Shop: outputs } = await deploy(cloud, { folder, tell: (line) => tell.say(line) });
  const shop = new Shop(cloud, outputs);
  tell.table(['ApiUrl', 'LogBucketName', 'MetricsTableName', 'AlertTopicArn', 'IncidentTableName'].map((name) => [name, outputs[name]]));
  tell.done('the stack Shop is there');

  tell.step('Ask the API whether it is healthy, and who may read metrics');
  await shop.ask('health', 200, { as: 'none' });
  await shop.ask('metrics', 403, { as: 'none' });
  tell.done('GET /health answers everybody, GET /metrics refuses who does not sign');
  return shop;
}

async function uploadAndCompare(shop: Shop): Promise<string> {
  // Whole minutes, and a little in the past, as logs are.
  const end = Math.floor(Date.now() / 60_000) * 60_000 - 60_000;
  const files = healthyHour(end);
  const documents = files.flatMap((file) => file.documents);
  const services = [...new Set(documents.map(({ service }) => service))];
  const sent = countSamples(documents);

  tell.step(`Upload an hour of JSON logs of ${services.length} services: ${files.length} files, ${documents.length} lines, such as`);
  tell.say(JSON.stringify(documents[0]));
  await Promise.all(files.map((file) => shop.upload(file)));
  tell.done(`${sent} samples are in the bucket`);

  tell.step('Wait until the metrics are there, and read them back over GET /metrics, signed');
  let there = -1;
  const read = await eventually(async () => {
    const series = (await Promise.all(services.map((service) => shop.samples(service, end - 3_600_000, end)))).flat();
    const count = series.reduce((sum, { values }) => sum + values.length, 0);
    if (count !== there) tell.progress(`${count} of ${sent} samples are stored`);
    there = count;
    return count >= sent ? series : undefined;
  }, { what: `the ${sent} samples to be stored`, timeoutMs: 60_000, pauseMs: 250 });
  const differing = differences(documents, read);
  if (differing.length > 0) throw new Error(`${differing.length} samples differ, such as\n${differing.slice(0, 5).join('\n')}`);
  tell.table([['service', 'metric', 'samples', 'average', 'maximum'], ...read.map(({ service, metric, summary }) =>
    [service, metric, `${summary.count}`, summary.avg.toFixed(2), `${summary.max}`])]);
  const result = `${sent} samples sent, ${there} read back, equal`;
  tell.done(result);
  return result;
}

async function postMetric(shop: Shop): Promise<string> {
  tell.step('Post a metric, and read it back');
  const body = { service: 'my-service', metrics: { cpu: 50, memory: 1024 } };
  tell.say(`POST /metrics ${JSON.stringify(body)}`);
  const { json } = await shop.ask('metrics', 201, { method: 'POST', body });
  tell.say(`201 ${JSON.stringify(json)}`);
  const answer = await shop.ask('metrics?service=my-service&timeRange=1h', 200);
  const lasts = Object.fromEntries(answer.json.series.map(({ metric, summary }: Series) => [metric, summary.last]));
  if (lasts.cpu !== 50 || lasts.memory !== 1024) throw new Error(`GET /metrics did not bring back what was posted: ${answer.text}`);
  tell.done(`GET /metrics?service=my-service&timeRange=1h has ${JSON.stringify(lasts)}`);
  return 'a metric was posted and read back';
}

async function breakCheckout(cloud: LocalCloud, shop: Shop): Promise<string> {
  const file = failingCheckout(Date.now());
  tell.step('Break the checkout: upload logs with errors, and let the alarm on them fire by itself');
  tell.say(JSON.stringify(file.documents[0]));
  const uploaded = Date.now();
  await shop.upload(file);
  const after = () => `${((Date.now() - uploaded) / 1000).toFixed(1)} s after the upload`;
  const alarm = await mail(cloud, 'the alarm\'s e-mail', ({ subject }) => subject.startsWith('ALARM: '));
  tell.say(`${after()}: e-mail to ${alarm.to}: ${alarm.subject}`);
  const report = await mail(cloud, 'the runbook\'s report', ({ text }) => !isFromCloudWatch(text));
  tell.say(`${after()}: e-mail to ${report.to}: ${report.subject}`);
  tell.quote(report.text);
  tell.done('nobody was needed to find that out');
  return 'the alarm CheckoutErrors fired by itself, and its runbook has reported';
}

function mail(cloud: LocalCloud, what: string, which: (mail: Mail) => boolean): Promise<Mail> {
  return eventually(async () => cloud.mails().find(which), { what, timeoutMs: 60_000 });
}

/** CloudWatch's own message is JSON; a report is text for people. */
function isFromCloudWatch(text: string): boolean {
  return text.startsWith('{') && text.includes('"AlarmName"');
}

function shown(file: string): string {
  return relative(process.cwd(), file);
}

// Ended by a signal: processes.ts has ended what was started.
process.on('exit', (code) => { if (code > 128) console.log('\nStopped, with all that was started.'); });

main().catch((error) => {
  console.error(`\nThe demo failed. ${(error as Error).message}`);
  process.exit(1);
});
