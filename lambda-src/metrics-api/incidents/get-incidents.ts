import type { APIGatewayProxyEvent } from 'aws-lambda';
import { incidentBody } from './incident-body';
import { readIncidents } from './incident-page';
import { isListPosition } from './positions';
import { SEVERITIES } from '../../../src/private/shared/contract';
import { INCIDENT_STATES } from '../../shared/incident-items';
import { Answer, json } from '../answer';
import type { Backend } from '../backend';
import { decodeCursor, encodeCursor } from '../cursor';
import { DEFAULT_INCIDENT_RANGE, MAX_INCIDENTS } from '../limits';
import { badParameter } from '../problem';
import { rangeOf, wholeNumber } from '../range';
import { nameParameter, QueryParameters } from '../request';

/** The incidents that opened in a range, the newest first. */
export async function getIncidents(event: APIGatewayProxyEvent, { incidents: table, now }: Backend): Promise<Answer> {
  const parameters = new QueryParameters(event);
  const after = decodeCursor(isListPosition, parameters.one('cursor'));
  // A cursor's range counts, but what stands beside it has to be right all the same.
  const given = rangeOf(parameters, now(), DEFAULT_INCIDENT_RANGE);
  const { from, to } = after ?? given;
  const states = someOf(parameters, 'state', INCIDENT_STATES);
  const severities = someOf(parameters, 'severity', SEVERITIES);
  const named = parameters.one('service');
  const service = named === undefined ? undefined : nameParameter('service', named);

  const { incidents, end } = await readIncidents(table!, {
    range: { from, to },
    after,
    limit: wholeNumber(parameters, 'limit', { atLeast: 1, atMost: MAX_INCIDENTS }) ?? MAX_INCIDENTS,
    now: now(),
    wanted: (incident) => states.includes(incident.state) && severities.includes(incident.severity)
      && (service === undefined || incident.service?.normalize('NFC') === service),
  });
  return json(200, { incidents: incidents.map(incidentBody), cursor: end && encodeCursor({ ...end, from, to }) });
}

/** The values of a parameter that is one of a few words, and may be repeated; all of them where it is left out. */
function someOf<T extends string>(parameters: QueryParameters, name: string, all: readonly T[]): readonly T[] {
  const asked = parameters.all(name);
  if (asked.length === 0) return all;
  const wrong = asked.find((each) => !(all as readonly string[]).includes(each));
  if (wrong !== undefined) throw badParameter(name, wrong, `one of ${all.join(', ')}`);
  return asked as T[];
}
