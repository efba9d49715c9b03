import type { FunctionTarget } from '../../../src/private/shared/contract';
import { functionSeries } from '../framework/collect-lambda';
import type { SeriesSpec } from '../framework/collect-metrics';
import type { AsyncConfiguration } from '../framework/port-lambda';

/** Id of the account's claimed concurrency; the other series are `fn.<name>.<id>`. */
export const CLAIMED = 'account.claimed';

/** Everything that is measured about a function's failures. */
export function lambdaSeries(target: FunctionTarget, delivery: AsyncConfiguration | undefined): SeriesSpec[] {
  const { name } = target;
  const spec = (id: string, metric: string, statistic: string, what: string): SeriesSpec =>
    ({ id: `fn.${name}.${id}`, namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName: name }, statistic, what: `${what} of ${name}` });
  const queue = queueOf(delivery);
  return [
    ...functionSeries(target),
    spec('concurrent', 'ConcurrentExecutions', 'Maximum', 'concurrent executions'),
    spec('asyncDropped', 'AsyncEventsDropped', 'Sum', 'dropped asynchronous events'),
    spec('asyncAge', 'AsyncEventAge', 'Maximum', 'age of asynchronous events'),
    spec('deadLetterErrors', 'DeadLetterErrors', 'Sum', 'events that could not be sent to the dead-letter target'),
    spec('destinationFailures', 'DestinationDeliveryFailures', 'Sum', 'events that could not be sent to a destination'),
    spec('recursive', 'RecursiveInvocationsDropped', 'Sum', 'stopped recursive invocations'),
    spec('iteratorAge', 'IteratorAge', 'Maximum', 'iterator age'),
    // Of the account, reserved and provisioned concurrency included: this, not the sum of what runs, meets the account's limit.
    { id: CLAIMED, namespace: 'AWS/Lambda', name: 'ClaimedAccountConcurrency', dimensions: {}, statistic: 'Maximum', what: 'concurrency claimed in the account' },
    ...queue ? [{
      id: `fn.${name}.waiting`,
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queue },
      statistic: 'Maximum',
      what: `messages waiting in ${queue}`,
    }] : [],
  ];
}

/** Failed events may also go to a topic, a bus or a function, which tell no depth. */
function queueOf(delivery: AsyncConfiguration | undefined): string | undefined {
  return [delivery?.onFailure, delivery?.deadLetterTarget].find((arn) => arn?.includes(':sqs:'))?.split(':').at(-1);
}
