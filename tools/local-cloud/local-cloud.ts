import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { eventually } from './eventually';
import { certificate, checkPrerequisites, nodeForFunctions, pythonWithMinistack, Tell } from './installation';
import { onExit, spawnGroup } from './processes';
import { inStateFolder } from './state-folder';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

/** The account's root user: MiniStack takes this key for it. Everybody else needs policies. */
const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface LocalCloudOptions {
  /** Told what takes time. @default - nobody */
  readonly tell?: Tell;
  /** Whether it may live on when this process ends: only after `release()`. @default false */
  readonly mayOutliveUs?: boolean;
}

/** A local AWS, with IAM enforced, on a port of its own: any number of them may run at the same time. */
export interface LocalCloud {
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly certificateFile: string;
  readonly logFile: string;
  readonly pid: number;
  /** Trusts the local cloud's certificate. */
  readonly agent: Agent;
  /** Environment for child processes that talk to it; nothing of this shell's own AWS account is in it. */
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

export interface Mail {
  readonly to: string;
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly requestHandler: NodeHttpHandler;
}

export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const tell = options.tell ?? (() => undefined);
  checkPrerequisites();
  const [python, nodeFolder, { certificateFile, keyFile }, port] = await Promise.all([
    pythonWithMinistack(tell), nodeForFunctions(tell), certificate(), freePort(),
  ]);

  // By address, not by name: an S3 client would put the bucket's name before `localhost`, which does not resolve.
  const endpoint = `https://127.0.0.1:${port}`;
  const env = environmentFor(endpoint, certificateFile, nodeFolder);
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
      ...env,
      TMPDIR: data,
      GATEWAY_PORT: `${port}`,
      BIND_HOST: '127.0.0.1',
      MINISTACK_ACCOUNT_ID: ACCOUNT,
      MINISTACK_REGION: REGION,
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificateFile,
      MINISTACK_SSL_KEY: keyFile,
      CLOUDTRAIL_RECORDING: '1',
      PERSIST_STATE: '0',
      LAMBDA_EXECUTOR: 'local',
      // Listeners that two sessions would fight for, and that nobody here uses.
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      LOCAL_CLOUD_MAILBOX: mailFile,
    },
  });

  const agent = new Agent({ ca: readFileSync(certificateFile), keepAlive: true });
  const stop = () => { agent.destroy(); group.stop(); keepData(); removeData(); };
  const release = () => { child.unref(); group.release(); keepData(); };
  try {
    await eventually(async () => {
      if (child.exitCode !== null) return 'ended';
      return await statusOf(`${endpoint}/_ministack/ready`, agent) === 200 ? 'ready' : undefined;
    }, { what: 'the local cloud to be ready', pauseMs: 50 }).then((state) => {
      if (state === 'ended') throw new Error('The local cloud ended at once.');
    });
  } catch (error) {
    stop();
    throw new Error(`${(error as Error).message} Its log: ${logFile}`);
  }
  return {
    endpoint, account: ACCOUNT, region: REGION, credentials: ROOT, certificateFile, logFile, pid: child.pid!, agent, env, stop, release,
    mails: () => readFileSync(mailFile, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)),
    clientConfig: (credentials = ROOT) => ({
      endpoint, region: REGION, credentials, requestHandler: new NodeHttpHandler({ httpsAgent: agent }),
    }),
  };
}

/** Our environment without anything that belongs to a real AWS account, and with what leads to the local one. */
function environmentFor(endpoint: string, certificateFile: string, nodeFolder?: string): NodeJS.ProcessEnv {
  const ours = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  return {
    ...ours,
    PATH: [nodeFolder, process.env.PATH].filter(Boolean).join(delimiter),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ROOT.accessKeyId,
    AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_CONFIG_FILE: inStateFolder('no-config'),
    AWS_SHARED_CREDENTIALS_FILE: inStateFolder('no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CA_BUNDLE: certificateFile,
    NODE_EXTRA_CA_CERTS: certificateFile,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
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
