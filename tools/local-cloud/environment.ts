import { delimiter } from 'node:path';
import { Credentials } from './credentials';
import { inStateFolder } from './state-folder';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

// The SDK's warning about Node 20 would stand in the middle of the demo's story. (Read when the first client is made.)
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

export interface Access {
  readonly endpoint: string;
  readonly certificateFile: string;
  readonly credentials: Credentials;
  /** Folder to find `node` in, before all others. */
  readonly nodeFolder?: string;
}

/** This shell's environment without anything of its own AWS account, and with what leads to the local cloud instead. */
export function environmentFor({ endpoint, certificateFile, credentials, nodeFolder }: Access): NodeJS.ProcessEnv {
  const ours = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_(?!SDK_JS_)/.test(name)));
  return {
    ...ours,
    PATH: [nodeFolder, process.env.PATH].filter(Boolean).join(delimiter),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    // Files that do not exist: a profile of the person who runs this must not answer.
    AWS_CONFIG_FILE: inStateFolder('no-config'),
    AWS_SHARED_CREDENTIALS_FILE: inStateFolder('no-credentials'),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CA_BUNDLE: certificateFile,
    NODE_EXTRA_CA_CERTS: certificateFile,
    NO_PROXY: '127.0.0.1,localhost',
    no_proxy: '127.0.0.1,localhost',
  };
}

/** What MiniStack reads: IAM enforced, TLS (policies that refuse plain HTTP apply here too), every call recorded. */
export function ministackSettings(settings: { port: number; data: string; mailFile: string; certificateFile: string; keyFile: string }) {
  return {
    GATEWAY_PORT: `${settings.port}`,
    BIND_HOST: '127.0.0.1',
    // In the addresses of queues: the SDK warns where they differ from its endpoint.
    MINISTACK_HOST: '127.0.0.1',
    TMPDIR: settings.data,
    LOCAL_CLOUD_MAILBOX: settings.mailFile,
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    MINISTACK_REGION: REGION,
    AUTH: 'true',
    USE_SSL: '1',
    MINISTACK_SSL_CERT: settings.certificateFile,
    MINISTACK_SSL_KEY: settings.keyFile,
    CLOUDTRAIL_RECORDING: '1',
    PERSIST_STATE: '0',
    LAMBDA_EXECUTOR: 'local',
    // Listeners that two sessions would fight for, and that nobody here uses.
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
  };
}
