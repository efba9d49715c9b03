import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { BuiltInAccess } from './built-in-access';
import { IRunbookHandler, RunbookBindOptions, RunbookHandlerBinding } from './runbook-handler';
import { MonitoringFunction } from '../private/monitoring-function';
import { Env } from '../private/shared/environment';
import { BuiltInRunbook } from '../private/shared/runbook-table';

/**
 * A runbook that comes with the library: its own pre-bundled function and its own role, which may read exactly the
 * resources that were monitored.
 */
export class BuiltInRunbookHandler implements IRunbookHandler {
  constructor(private readonly runbook: BuiltInRunbook) {}

  public bind(scope: Construct, options: RunbookBindOptions): RunbookHandlerBinding {
    const handlerFunction = new MonitoringFunction(scope, 'Function', {
      asset: `runbook-${this.runbook}`,
      description: `Investigates alarms: ${this.runbook}`,
      timeout: options.timeout,
      options: options.functionOptions,
    });
    if (this.runbook === 'high-error-rate') {
      showServices(handlerFunction, options);
    }
    return { handlerFunction, targetAccess: new BuiltInAccess(handlerFunction, this.runbook) };
  }
}

/** Lets a runbook look at the metrics of services, and at the log lines they came from. */
function showServices(handler: MonitoringFunction, { store, logIngestion }: RunbookBindOptions) {
  if (store) {
    handler.addEnvironment(Env.METRICS_TABLE, store.table.tableName);
    store.grantRead(handler);
  }
  if (logIngestion) {
    const { bucket, quarantinePrefix } = logIngestion;
    handler.addEnvironment(Env.LOG_BUCKET, bucket.bucketName);
    handler.addEnvironment(Env.QUARANTINE_PREFIX, quarantinePrefix);
    bucket.encryptionKey?.grantDecrypt(handler);
    Grant.addToPrincipal({ grantee: handler, actions: ['s3:GetObject'], resourceArns: [bucket.arnForObjects('*')] });
    // Without it S3 says "denied" of an object that is not there.
    Grant.addToPrincipal({ grantee: handler, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  }
}
