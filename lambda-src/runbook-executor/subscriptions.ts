import { ListSubscriptionsByTopicCommand, type ListSubscriptionsByTopicResponse, type Subscription } from '@aws-sdk/client-sns';
import { maskedEndpoint } from './masked-endpoint';
import { Services } from './services';
import { SelfMetric } from '../../src/private/shared/metrics';

/** A line of the log holds so many; the others are counted. */
const MOST_NAMED = 20;
const FIX = 'the subscriber follows the link in AWS\'s message; '
  + 'where that is lost or too old, aws sns subscribe with the same topic, protocol and endpoint sends another';
const LISTING_FIX = 'the topic\'s policy must allow the executor\'s role sns:ListSubscriptionsByTopic';

/** Counts those who are subscribed and are told nothing, because they have not confirmed or have left. */
export async function checkSubscriptions(services: Services): Promise<void> {
  const { alertTopicArn, topicArn, chatTopicArn, log, emit } = services;
  const topics = new Set([alertTopicArn, topicArn, chatTopicArn].filter((topic) => topic !== undefined));
  const unconfirmed: Subscription[] = [];
  for (const topic of topics) unconfirmed.push(...(await listed(services, topic)).filter((subscription) => !isConfirmed(subscription)));
  // A custom metric costs in the hours in which it is sent.
  if (unconfirmed.length === 0) return;
  log.warn('subscriptions not confirmed', { count: unconfirmed.length, unconfirmed: unconfirmed.slice(0, MOST_NAMED).map(named), fix: FIX });
  emit(SelfMetric.UNCONFIRMED_SUBSCRIPTIONS, unconfirmed.length);
}

/** The subscriptions of a topic; as many as are known where it may not be asked, as one of another account. */
async function listed({ sns, log }: Services, topic: string): Promise<Subscription[]> {
  const subscriptions: Subscription[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page: ListSubscriptionsByTopicResponse = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken }));
      subscriptions.push(...page.Subscriptions ?? []);
      NextToken = page.NextToken;
    } while (NextToken);
  } catch (error) {
    log.warn('subscriptions not listed', { topic, error, fix: LISTING_FIX });
  }
  return subscriptions;
}

/** In the place of its ARN, SNS gives a subscription that has none the word `PendingConfirmation` or `Deleted`. */
export function isConfirmed({ SubscriptionArn }: Subscription): boolean {
  return SubscriptionArn?.startsWith('arn:') ?? false;
}

function named({ TopicArn, Protocol, Endpoint = '', SubscriptionArn }: Subscription): Record<string, unknown> {
  return { topic: TopicArn, protocol: Protocol, endpoint: maskedEndpoint(Endpoint), state: SubscriptionArn };
}
