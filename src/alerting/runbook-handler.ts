import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { RunbookTarget } from './runbook-target';
import { FunctionOptions } from '../function-options';
import { LogIngestion } from '../log-ingestion';
import { IMetricsStore } from '../metrics-store';

/** What a handler is told when it is bound to a runbook. */
export interface RunbookBindOptions {
  /** Name of the runbook. */
  readonly runbookName: string;

  /** How long a run may take. */
  readonly timeout: Duration;

  /**
   * How functions that the handler makes should be run.
   *
   * @default - the defaults of `FunctionOptions`
   */
  readonly functionOptions?: FunctionOptions;

  /**
   * The metrics store, for runbooks that look at metrics that came from logs.
   *
   * @default - alerting stands alone, without a store
   */
  readonly store?: IMetricsStore;

  /**
   * Where the logs are, for runbooks that look at the log lines behind a metric.
   *
   * @default - alerting stands alone, without logs
   */
  readonly logIngestion?: LogIngestion;
}

/**
 * Is told every monitored resource, so that a handler's role can be made from the very resources it may look at.
 *
 * @subclassable
 */
export interface ITargetAccess {
  /**
   * Lets the handler look at a resource. Called once for each monitored resource, also for those registered later.
   *
   * @param target the resource
   */
  grantTarget(target: RunbookTarget): void;
}

/** What a bound handler is. */
export interface RunbookHandlerBinding {
  /**
   * The function to invoke with a request (contract v1); it answers with a result.
   *
   * @default - none: a written runbook only, whose link is reported
   */
  readonly handlerFunction?: IFunction;

  /**
   * The express state machine to start with a request (contract v1); its output is the result. In the place of a function.
   *
   * @default - none
   */
  readonly stateMachine?: IStateMachine;

  /**
   * Is told the monitored resources.
   *
   * @default - the handler needs to know none
   */
  readonly targetAccess?: ITargetAccess;
}

/**
 * A runbook's handler: what investigates an alarm.
 *
 * Extend `RunbookHandler` in TypeScript; implement this interface in another language.
 *
 * @subclassable
 */
export interface IRunbookHandler {
  /**
   * Makes what the handler needs, and says what to call.
   *
   * @param scope for the constructs the handler makes
   * @param options about the runbook it is bound to
   */
  bind(scope: Construct, options: RunbookBindOptions): RunbookHandlerBinding;
}
