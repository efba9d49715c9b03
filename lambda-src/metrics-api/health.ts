import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import type { Backend } from './backend';
import { Problem } from './problem';
import { iso } from './range';
import { readServices } from '../shared/catalogue';
import { readParts } from '../shared/store-reader';
import type { PartData } from '../timeseries/part';
import { HOUR } from '../timeseries/time';

/** Says that the API answers, and touches nothing: it is open, so it must cost nothing. */
export function getHealth(): Answer {
  return json(200, { status: 'ok' });
}

/** Services looked at for the newest sample; one that works is enough to know that metrics arrive. */
const SERVICES_READ = 8;
/** How far around now the newest sample is looked for. */
const RECENT = 2 * HOUR;

/** Says whether the table can be read, how new its data is, and which version answers. */
export async function getDeepHealth(_event: APIGatewayProxyEvent, { store, version, now }: Backend): Promise<Answer> {
  try {
    const services = (await readServices(store, now())).sort((a, b) => (a.last < b.last ? 1 : -1));
    const recent = await Promise.all(services.slice(0, SERVICES_READ)
      .map(({ name }) => readParts(store, name, now() - RECENT, now() + RECENT, { now: now() })));
    const newest = newestSample(recent.flatMap(({ parts }) => parts));
    return json(200, {
      status: 'ok',
      services: services.length,
      newestSample: newest === undefined ? null : iso(newest),
      // Of older data the catalogue knows the day.
      newestDay: services.at(0)?.last ?? null,
      version,
    });
  } catch (error) {
    throw new Problem(503, 'The metrics table cannot be read; the function\'s log tells why.', { members: { version }, cause: error });
  }
}

function newestSample(parts: readonly PartData[]): number | undefined {
  let newest: number | undefined;
  for (const part of parts) {
    for (const { timestamps } of part.values()) {
      const last = timestamps[timestamps.length - 1];
      if (newest === undefined || last > newest) newest = last;
    }
  }
  return newest;
}
