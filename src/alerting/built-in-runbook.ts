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
    const environment: { [name: string]: string } = {};
    const seesServices = this.runbook === 'high-error-rate';
    if (seesServices && options.store) {
      environment[Env.METRICS_TABLE] = options.store.table.tableName;
      environment[Env.SAMPLE_RETENTION_DAYS] = `${options.store.sampleRetention.toDays()}`;
    }
    if (seesServices && options.logBucket) {
      environment[Env.LOG_BUCKET] = options.logBucket.bucketName;
    }
    const handlerFunction = new MonitoringFunction(scope, 'Function', {
      asset: `runbook-${this.runbook}`,
      description: `Investigates alarms: ${this.runbook}`,
      timeout: options.timeout,
      environment,
      options: options.functionOptions,
    });
    if (seesServices) {
      options.store?.grantRead(handlerFunction);
      if (options.logBucket) {
        options.logBucket.encryptionKey?.grantDecrypt(handlerFunction);
        Grant.addToPrincipal({ grantee: handlerFunction, actions: ['s3:GetObject'], resourceArns: [options.logBucket.arnForObjects('*')] });
      }
    }
    return { handlerFunction, targetAccess: new BuiltInAccess(handlerFunction, this.runbook) };
  }
}
