import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { incidentBody, incidentOf } from './incident-body';
import { INCIDENT_ID, isTimelinePosition } from './positions';
import { readRuns } from './runs';
import { readNewestEntries, readTimeline } from './timeline';
import { toAttributes } from '../../shared/attributes';
import { incidentKey, type IncidentItem } from '../../shared/incident-items';
import type { StoreTable } from '../../shared/store';
import { Answer, json } from '../answer';
import type { Backend } from '../backend';
import { decodeCursor, encodeCursor } from '../cursor';
import { MAX_TIMELINE_ENTRIES } from '../limits';
import { Problem, quote } from '../problem';
import { wholeNumber } from '../range';
import { pathParameter, QueryParameters } from '../request';

/** Entries in which the newest runs are looked for: cooldown and hourly cap let no more than some hundred lie between two runs. */
const ENTRIES_SEARCHED = 1_000;

/** One incident: what happened in it, its runs, and what the last of them found. */
export async function getIncident(event: APIGatewayProxyEvent, { incidents, now }: Backend): Promise<Answer> {
  const table = incidents!;
  const parameters = new QueryParameters(event);
  const limit = wholeNumber(parameters, 'limit', { atLeast: 1, atMost: MAX_TIMELINE_ENTRIES }) ?? MAX_TIMELINE_ENTRIES;
  const position = decodeCursor(isTimelinePosition, parameters.one('cursor'));
  const id = pathParameter(event, 'id');
  const incident = await readIncident(table, id, now());
  if (!incident) throw new Problem(404, `No incident ${quote(id)} is known; GET /incidents lists those that are.`, { parameter: 'id' });

  const { entries, end } = await readTimeline(table, id, limit, position);
  // Most timelines are short, and the newest entries then those that were just read.
  const whole = position === undefined && end === null;
  const newest = whole ? [...entries].reverse() : await readNewestEntries(table, id, ENTRIES_SEARCHED);
  const { runs, result } = await readRuns(table, id, newest);
  return json(200, { ...incidentBody(incident), runs, result, timeline: entries, cursor: end && encodeCursor(end) });
}

/** Consistently: who asks for it may have its id from a report of this second. */
async function readIncident({ client, table }: StoreTable, id: string, now: number): Promise<IncidentItem | undefined> {
  if (!INCIDENT_ID.test(id)) return undefined;
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: toAttributes(incidentKey(id)), ConsistentRead: true }));
  return incidentOf(Item, now);
}
