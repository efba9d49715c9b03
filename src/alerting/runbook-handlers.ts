import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BuiltInRunbookHandler } from './built-in-runbook';
import { IRunbookHandler, RunbookBindOptions, RunbookHandlerBinding } from './runbook-handler';

/**
 * What investigates an alarm. The factories give the built-in handlers and wrap a function or a state machine of yours; a class that extends
 * this one can bring its own resources.
 */
export abstract class RunbookHandler implements IRunbookHandler {
  /**
   * A Lambda function of yours. It is invoked with a request (contract v1) and answers with a result; a failure, a time-out
   * or an answer that is no result is reported as such and breaks nothing.
   *
   * @param handlerFunction the function
   */
  public static fromFunction(handlerFunction: IFunction): IRunbookHandler {
    return new Bound({ handlerFunction });
  }

  /**
   * An express state machine of yours, for steps that need no code. It is started synchronously with a request (contract v1) as its input, and
   * its output is the result; a failure, a time-out or an output that is no result is reported as such.
   *
   * @param stateMachine of the type EXPRESS: a standard one cannot be waited for
   */
  public static fromStateMachine(stateMachine: IStateMachine): IRunbookHandler {
    return new Bound({ stateMachine });
  }

  /** A written runbook only: nothing is run, the report carries the link. */
  public static manual(): IRunbookHandler {
    return new Bound({});
  }

  /** The built-in investigation of a high error rate: error logs, and the error rate now against before. */
  public static highErrorRate(): IRunbookHandler {
    return new BuiltInRunbookHandler('high-error-rate');
  }

  /** The built-in investigation of high latency: percentiles of the API and its functions, now against before. */
  public static highLatency(): IRunbookHandler {
    return new BuiltInRunbookHandler('high-latency');
  }

  /** The built-in investigation of Lambda errors: failures by type, throttles and time-outs. */
  public static lambdaErrors(): IRunbookHandler {
    return new BuiltInRunbookHandler('lambda-error');
  }

  /** The built-in investigation of DynamoDB throttling: capacity, throttle reasons and hot keys. */
  public static dynamoDbThrottling(): IRunbookHandler {
    return new BuiltInRunbookHandler('dynamodb-throttling');
  }

  /** The built-in default investigation: the metric against its threshold and its past, the alarm's history, what changed. */
  public static general(): IRunbookHandler {
    return new BuiltInRunbookHandler('general');
  }

  /**
   * Makes what the handler needs, and says what to call.
   *
   * @param scope for the constructs the handler makes
   * @param options about the runbook it is bound to
   */
  public abstract bind(scope: Construct, options: RunbookBindOptions): RunbookHandlerBinding;
}

/** A handler that brings nothing of its own. */
class Bound extends RunbookHandler {
  constructor(private readonly binding: RunbookHandlerBinding) {
    super();
  }

  public bind(_scope: Construct, _options: RunbookBindOptions): RunbookHandlerBinding {
    return this.binding;
  }
}
