import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Credentials, makeUser, ROOT } from './credentials';
import { ACCOUNT, environmentFor, ministackSettings, REGION } from './environment';
import { eventually } from './eventually';
import { certificate, checkPrerequisites, nodeForFunctions, pythonWithMinistack, Tell } from './installation';
import { onExit, spawnGroup } from './processes';
import { inStateFolder, removeOldLogs } from './state-folder';

export interface LocalCloudOptions {
  /** Told what takes time. @default - nobody */
  readonly tell?: Tell;
  /** Whether it may live on when this process ends: only after `release()`. @default false */
  readonly mayOutliveUs?: boolean;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly requestHandler: NodeHttpHandler;
}

/** An e-mail as its receiver would have got it. */
export interface Mail {
  readonly to: string;
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}

/** A local AWS, with IAM enforced, on a port of its own: any number of them may run at the same time. */
export interface LocalCloud {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  /** Of an administrator. Not of the root user: that one may assume no role, so it cannot deploy as the CDK does. */
  readonly credentials: Credentials;
  readonly certificateFile: string;
  readonly logFile: string;
  /** Process group of the local cloud and its functions. */
  readonly pid: number;
  /** Trusts the local cloud's certificate. */
  readonly agent: Agent;
  /** Environment for child processes that talk to it. */
  readonly env: NodeJS.ProcessEnv;
  /** Configuration of any SDK client. Our own process needs the agent: Node reads NODE_EXTRA_CA_CERTS at its start only. */
  clientConfig(credentials?: Credentials): ClientConfig;
  /** The e-mails that SNS has sent so far, oldest first. */
  mails(): Mail[];
  /** Ends it and removes its data; its log stays. */
  stop(): void;
  /** Lets it live on. */
  release(): void;
}

export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const tell = options.tell ?? (() => undefined);
  checkPrerequisites();
  removeOldLogs();
  const [python, nodeFolder, { certificateFile, keyFile }, port] = await Promise.all([
    pythonWithMinistack(tell), nodeForFunctions(tell), certificate(), freePort(),
  ]);

  // By address, not by name: an S3 client would put the bucket's name before `localhost`, which does not resolve.
  const endpoint = `https://127.0.0.1:${port}`;
  const access = { endpoint, certificateFile, nodeFolder };
  const logFile = inStateFolder(`${port}.log`);
  const mailFile = inStateFolder(`${port}.mail.ndjson`);
  writeFileSync(mailFile, '');
  const log = openSync(logFile, 'w');
  const data = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const removeData = () => rmSync(data, { recursive: true, force: true });
  const keepData = onExit(removeData);

  const lifetime = options.mayOutliveUs ? '--on-its-own' : '--end-with-parent';
  const { child, ...group } = spawnGroup(python, [join(__dirname, 'launcher', 'launch.py'), lifetime], {
    stdio: [options.mayOutliveUs ? 'ignore' : 'pipe', log, log],
    env: {
      ...environmentFor({ ...access, credentials: ROOT }),
      ...ministackSettings({ port, data, mailFile, certificateFile, keyFile }),
    },
  });
  const agent = new Agent({ ca: readFileSync(certificateFile), keepAlive: true });
  const stop = () => { agent.destroy(); group.stop(); keepData(); removeData(); };
  const release = () => { child.unref(); group.release(); keepData(); };
  const clientConfig = (credentials: Credentials): ClientConfig => ({
    endpoint, region: REGION, credentials, requestHandler: new NodeHttpHandler({ httpsAgent: agent }),
  });

  try {
    const state = await eventually(async () => {
      if (child.exitCode !== null) return 'ended';
      return await statusOf(`${endpoint}/_ministack/ready`, agent) === 200 ? 'ready' : undefined;
    }, { what: 'the local cloud to be ready', pauseMs: 50 });
    if (state === 'ended') throw new Error(`The local cloud ended at once, with code ${child.exitCode}.`);
    const credentials = await makeUser(new IAMClient(clientConfig(ROOT)), 'administrator', [
      { Effect: 'Allow', Action: '*', Resource: '*' },
    ]);
    return {
      endpoint,
      account: ACCOUNT,
      region: REGION,
      credentials,
      certificateFile,
      logFile,
      pid: child.pid!,
      agent,
      stop,
      release,
      env: environmentFor({ ...access, credentials }),
      clientConfig: (of = credentials) => clientConfig(of),
      mails: () => readFileSync(mailFile, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    };
  } catch (error) {
    stop();
    throw new Error(`${(error as Error).message} Its log: ${logFile}`);
  }
}

/** A port that the system says is free. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return address.port;
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent, timeout: 2000 }, (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
}
