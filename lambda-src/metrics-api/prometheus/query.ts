import { evaluate, LOOKBACK, samplesIn, type Select } from './evaluate';
import { type Expression, type RangeSelector, type Selector, typeOf } from './expression';
import { badData } from './failure';
import { columnPoints, constantColumn, pointOf, refuseTooManyPoints, samplePoints, success } from './format';
import { compareLabels, plain } from './labels';
import type { Parameters } from './parameters';
import { parse } from './parse';
import { readSamples } from './read-samples';
import type { SeriesSamples, Steps } from './samples';
import { EVER, findSeries } from './series';
import { Work } from './work';
import type { Answer } from '../answer';
import type { Backend } from '../backend';
import { MAX_POINTS } from '../limits';

/** `query`: what an expression is at one time. */
export async function query(parameters: Parameters, backend: Backend): Promise<Answer> {
  const expression = parse(parameters.required('query', 'a PromQL expression'));
  const time = parameters.time('time') ?? backend.now();
  const limit = parameters.limit();
  if (expression.kind === 'string') return success({ resultType: 'string', result: [time / 1000, expression.value] });
  const steps = { start: time, step: 1, count: 1 };
  const work = new Work();
  const { select, warnings } = await samplesFor(expression, steps, backend, work);
  if (expression.kind === 'range') {
    const series = samplesIn(expression, time, select);
    refuseTooManyPoints(series.reduce((sum, { values }) => sum + values.length, 0));
    return limited('matrix', series.map(samplePoints), limit, warnings);
  }
  const evaluated = evaluate(expression, steps, select, work);
  const all = [...warnings, ...evaluated.warnings];
  if (typeof evaluated.result === 'number') return success({ resultType: 'scalar', result: pointOf(time, evaluated.result) }, all);
  return limited('vector', evaluated.result.map(({ labels, values }) => ({ metric: plain(labels), value: pointOf(time, values[0]) })), limit, all);
}

/** `query_range`: what an expression is at times in steps. */
export async function queryRange(parameters: Parameters, backend: Backend): Promise<Answer> {
  const expression = parse(parameters.required('query', 'a PromQL expression'));
  const steps = stepsOf(parameters);
  const limit = parameters.limit();
  const type = typeOf(expression);
  if (type !== 'scalar' && type !== 'instant vector') {
    throw badData(`invalid parameter "query": invalid expression type "${type}" for range query, must be scalar or instant vector`);
  }
  const work = new Work();
  const { select, warnings } = await samplesFor(expression, steps, backend, work);
  const { result, warnings: further } = evaluate(expression, steps, select, work);
  const all = [...warnings, ...further];
  if (typeof result === 'number') return success({ resultType: 'matrix', result: [constantColumn(result, steps)] }, all);
  refuseTooManyPoints(result.reduce((sum, { present }) => sum + present.reduce((points, each) => points + each, 0), 0));
  result.sort((a, b) => compareLabels(a.labels, b.labels));
  return limited('matrix', result.map((column) => columnPoints(column, steps)), limit, all);
}

function stepsOf(parameters: Parameters): Steps {
  const [start, end] = [parameters.requiredTime('start'), parameters.requiredTime('end')];
  if (end < start) throw badData('invalid parameter "end": end timestamp must not be before start time');
  const step = parameters.duration('step');
  // As Prometheus counts, and Grafana by it: steps, of which there is one less than points.
  const count = Math.floor((end - start) / step);
  if (count > MAX_POINTS) {
    throw badData(`exceeded maximum resolution: this range has ${count} steps; at most ${MAX_POINTS} are given per series. Take a longer step or a shorter range.`);
  }
  return { start, step, count: count + 1 };
}

/** Reads what the selectors of an expression need: of each, the series that match, over the times that it looks at. */
async function samplesFor(expression: Expression, steps: Steps, backend: Backend, work: Work): Promise<{ select: Select; warnings: string[] }> {
  const samples = new Map<Selector, readonly SeriesSamples[]>();
  const warnings: string[] = [];
  for (const { selector, range } of selectorsOf(expression)) {
    const to = steps.start + (steps.count - 1) * steps.step - selector.offset;
    const span = { from: steps.start - selector.offset - range, to };
    if (!isTime(span.from) || !isTime(to)) throw badData('The query reaches beyond the years 1 to 9999. Take a shorter range or offset.');
    const read = await readSamples(backend, await findSeries(backend, [selector.matchers], span, work), span);
    samples.set(selector, read.series);
    warnings.push(...read.warnings);
  }
  return { select: (selector) => samples.get(selector)!, warnings };
}

function isTime(time: number): boolean {
  return time >= EVER.from && time < EVER.to;
}

/** The selectors of an expression, an instant one as the range that it looks back. */
function selectorsOf(expression: Expression): Pick<RangeSelector, 'selector' | 'range'>[] {
  switch (expression.kind) {
    case 'selector': return [{ selector: expression, range: LOOKBACK }];
    case 'range': return [expression];
    case 'call': return [expression.argument];
    case 'negation': case 'aggregation': return selectorsOf(expression.operand);
    case 'binary': return [...selectorsOf(expression.left), ...selectorsOf(expression.right)];
    default: return [];
  }
}

function limited(resultType: string, result: readonly unknown[], limit: number | undefined, warnings: readonly string[]): Answer {
  if (limit === undefined || result.length <= limit) return success({ resultType, result }, warnings);
  return success({ resultType, result: result.slice(0, limit) }, [...warnings, 'results truncated due to limit']);
}
