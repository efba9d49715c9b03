import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Answer, json } from './answer';
import type { Backend } from './backend';
import { decodeCursor, encodeCursor, isNamePosition } from './cursor';
import { MAX_NAMES } from './limits';
import { Problem, quote } from './problem';
import { wholeNumber } from './range';
import { nameParameter, pathParameter, QueryParameters } from './request';
import { CatalogueEntry, readMetrics, readServices } from '../shared/catalogue';

/** The services that ever sent something, as long as the catalogue keeps them. */
export async function getServices(event: APIGatewayProxyEvent, { store, now }: Backend): Promise<Answer> {
  const page = pageParameters(event);
  const { entries, cursor } = pageOf(await readServices(store, now()), page);
  return json(200, { services: entries.map(({ name, first, last }) => ({ service: name, firstDay: first, lastDay: last })), cursor });
}

/** The metrics of one service. */
export async function getMetricNames(event: APIGatewayProxyEvent, { store, now }: Backend): Promise<Answer> {
  const page = pageParameters(event);
  const service = nameParameter('service', pathParameter(event, 'service'));
  const all = await readMetrics(store, service, now());
  if (all.length === 0) throw new Problem(404, `No metrics of the service ${quote(service)} are known.`, { parameter: 'service' });
  const { entries, cursor } = pageOf(all, page);
  return json(200, { service, metrics: entries.map(({ name, first, last }) => ({ metric: name, firstDay: first, lastDay: last })), cursor });
}

interface NamePage { readonly limit: number; readonly after?: string }

function pageParameters(event: APIGatewayProxyEvent): NamePage {
  const parameters = new QueryParameters(event);
  return {
    limit: wholeNumber(parameters, 'limit', { atLeast: 1, atMost: MAX_NAMES }) ?? MAX_NAMES,
    after: decodeCursor(isNamePosition, parameters.one('cursor'))?.name,
  };
}

function pageOf(all: readonly CatalogueEntry[], { limit, after }: NamePage): { entries: CatalogueEntry[]; cursor: string | null } {
  // By the same order as everywhere here; the table's own, by UTF-8 bytes, differs for rare characters.
  const left = all.filter(({ name }) => after === undefined || name > after).sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries = left.slice(0, limit);
  return { entries, cursor: entries.length < left.length ? encodeCursor({ name: entries.at(-1)!.name }) : null };
}
