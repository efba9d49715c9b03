import { setTimeout as sleep } from 'node:timers/promises';
import { type CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Calls, ok } from './calls';
import type { Change, ChangeQuery, Port } from '../port';

/** CloudTrail allows two look-ups a second for the whole account. */
const PAUSE = 500;
/** A page has 50 events; who needs more than this has another problem. */
const MOST_PAGES = 4;

/** `global`: IAM is one for all regions, and only one region of the partition records its calls. */
export function changeCalls(
  calls: Calls, client: CloudTrailClient, wait: (ms: number) => Promise<unknown> = sleep, global = client,
): Pick<Port, 'changes'> {
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other, however many collectors ask at once. */
  const serialised = <T>(call: () => Promise<T>): Promise<T> => {
    const mine = last.then(call);
    last = mine.catch(() => undefined).then(() => wait(PAUSE));
    return mine;
  };

  return {
    changes: (query) => calls.look('cloudtrail:LookupEvents', async (options) => {
      const events: Event[] = [];
      let NextToken: string | undefined;
      for (let page = 0; page < MOST_PAGES && (page === 0 || NextToken); page += 1) {
        const answer = await serialised(() => calls.count((query.type === 'role' ? global : client).send(new LookupEventsCommand({
          // API Gateway's events name no resource, so its own events are read through.
          LookupAttributes: query.type === 'api'
            ? [{ AttributeKey: 'EventSource', AttributeValue: 'apigateway.amazonaws.com' }]
            : [{ AttributeKey: 'ResourceName', AttributeValue: query.resource }],
          StartTime: new Date(query.span.start),
          EndTime: new Date(query.span.end),
          MaxResults: 50,
          NextToken,
        }), options)));
        events.push(...answer.Events ?? []);
        NextToken = answer.NextToken;
      }
      const changes = events.flatMap((event) => changeOf(event, query));
      return NextToken ? { status: 'INCOMPLETE', data: changes, reason: `more than ${MOST_PAGES * 50} calls were recorded` } : ok(changes);
    }),
  };
}

function changeOf(event: Event, { type, resource }: ChangeQuery): Change[] {
  const record = recordOf(event.CloudTrailEvent);
  const request = record.requestParameters ?? undefined;
  if (type === 'api' && request?.restApiId !== resource && request?.apiId !== resource) return [];
  return [{
    at: event.EventTime?.getTime() ?? 0,
    event: event.EventName ?? 'unknown',
    resource,
    // A boolean in the record, a text in the event, and some clouds write text into both.
    readOnly: String(record.readOnly ?? event.ReadOnly) === 'true',
    ...(event.Username && { user: event.Username }),
    ...(record.errorCode && { errorCode: record.errorCode }),
    ...(request && { request: withoutSecrets(request) }),
  }];
}

/** A call that sets a function's environment carries it; CloudTrail hides the values, but nothing here depends on that. */
function withoutSecrets(request: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(request).filter(([key]) => !/^(environment|code|zipFile)$/i.test(key)));
}

interface TrailRecord {
  readonly readOnly?: boolean | string;
  readonly errorCode?: string;
  readonly requestParameters?: Record<string, unknown> | null;
}

function recordOf(text: string | undefined): TrailRecord {
  try {
    return JSON.parse(text ?? '{}') as TrailRecord;
  } catch {
    return {};
  }
}
