import { badData } from './failure';
import { success } from './format';
import { metricName, NAME, plain } from './labels';
import { Expansion } from './matcher';
import type { Parameters } from './parameters';
import { parseMatch } from './parse';
import { EVER, findSeries, type KnownSeries } from './series';
import { Work } from './work';
import type { Answer } from '../answer';
import type { Backend } from '../backend';
import { MAX_MATCHES } from '../limits';

/** `labels`: the names of labels. */
export async function labels(parameters: Parameters, backend: Backend): Promise<Answer> {
  const names = (await matching(parameters, backend)).flatMap((one) => [...one.labels.keys()]);
  return list(names, parameters);
}

/** `label/<name>/values`: what a label can be. */
export async function labelValues(label: string, parameters: Parameters, backend: Backend): Promise<Answer> {
  const values = (await matching(parameters, backend)).flatMap((one) => one.labels.get(label) ?? []);
  return list(values, parameters);
}

/** `series`: which series there are. */
export async function series(parameters: Parameters, backend: Backend): Promise<Answer> {
  if (parameters.all('match[]').length === 0) throw badData('no match[] parameter provided; expected a selector such as {service="checkout"}');
  const found = (await matching(parameters, backend)).map((one) => plain(one.labels));
  return limited(found, parameters.limit());
}

/** `metadata`: the metrics by name. Nothing is known of them beside it. */
export async function metadata(parameters: Parameters, backend: Backend): Promise<Answer> {
  const wanted = parameters.one('metric');
  const all = await findSeries(backend, [[]], EVER, new Work());
  const names = [...new Set(all.map(({ metric }) => metricName(metric)))].filter((name) => wanted === undefined || name === wanted).sort();
  return success(Object.fromEntries(names.slice(0, parameters.limit()).map((name) => [name, [{ type: 'unknown', help: '', unit: '' }]])));
}

/** The series that match one of `match[]`, or all; seen within the days of `start` and `end`. */
async function matching(parameters: Parameters, backend: Backend): Promise<KnownSeries[]> {
  const texts = parameters.all('match[]');
  if (texts.length > MAX_MATCHES) throw badData(`invalid parameter "match[]": there are ${texts.length} of it; at most ${MAX_MATCHES} are taken`);
  const expansion = new Expansion();
  const matches = texts.map((text) => parseMatch(text, expansion).matchers);
  const span = { from: parameters.time('start') ?? EVER.from, to: parameters.time('end') ?? EVER.to };
  if (span.to < span.from) throw badData('invalid parameter "end": end timestamp must not be before start time');
  return findSeries(backend, matches.length > 0 ? matches : [[]], span, new Work());
}

function list(texts: readonly string[], parameters: Parameters): Answer {
  return limited([...new Set(texts)].sort(), parameters.limit());
}

function limited(found: readonly unknown[], limit = Infinity): Answer {
  return found.length > limit ? success(found.slice(0, limit), ['results truncated due to limit']) : success(found);
}

/** The label of a path, in which what no path can hold may be spelt as Prometheus does: `U__`, and `_<code>_` for a character. */
export function labelOfPath(text: string): string {
  const escaped = /^U__((?:[a-zA-Z0-9:]|__|_[0-9a-fA-F]{1,6}_)*)$/.exec(text);
  const label = escaped
    ? escaped[1].replace(/__|_([0-9a-fA-F]+)_/g, (_, code?: string) => (code ? String.fromCodePoint(Math.min(parseInt(code, 16), 0x10ffff)) : '_'))
    : text;
  if (label === '') throw badData(`invalid label name: ""; expected one such as service or ${NAME}`);
  return label;
}
