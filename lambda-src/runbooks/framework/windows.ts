import { alarmSeries } from './alarm-series';
import { judgeOf, type Judge } from './breach';
import { METRIC_LAG } from './lag';
import type { Look, Point, Port, Span } from './port';
import { DAY, HOUR, lengthOf, MINUTE, SECOND, shift } from './time';
import type { AlarmFacts, AlarmMetric } from '../../../src/private/shared/contract';

/** How far back the onset is looked for. */
const ONSET_SEARCH = 3 * HOUR;
/** How much after the alarm still belongs to the incident. */
const AFTER_ALARM = 5 * MINUTE;
/** So many healthy periods in a row mean recovered. */
const RECOVERED_PERIODS = 3;
/** Where an alarm does not say its period (composites). */
const DEFAULT_PERIOD = 60;

/** The spans a runbook compares, and what the alarm's own metric says about beginning and end. JSON, for replay. */
export interface Windows {
  /** Start of the first bad period. */
  readonly onset: number;
  /** False: the metric could not tell, and the onset is one evaluation before the alarm. */
  readonly onsetFound: boolean;
  /** When the alarm changed its state. */
  readonly alarmAt: number;
  /** When the run looked. */
  readonly now: number;
  /** The alarm's period, in seconds. */
  readonly period: number;
  readonly incident: Span;
  readonly before: Span;
  readonly yesterday: Span;
  readonly lastWeek: Span;
  /** Whether the last three periods outside the lag were healthy, and none after them bad; undefined: cannot be told. */
  readonly recovered?: boolean;
  /** End of the last bad period. */
  readonly lastBad?: number;
}

export interface Onset {
  readonly windows: Windows;
  /** The metric the onset was looked for in, and what was seen. */
  readonly metric?: AlarmMetric;
  readonly look?: Look<Point[]>;
}

/** Finds when it began, in the alarm's own metric, and from that the windows. */
export async function findWindows(port: Port, alarm: AlarmFacts, now: number): Promise<Onset> {
  const alarmAt = Date.parse(alarm.stateTimestamp);
  const metric = alarm.metrics[0];
  const period = alarm.period ?? metric?.period ?? DEFAULT_PERIOD;
  // To the present and not to the incident window's end: whether it is over is judged by the newest periods.
  const span = { start: floor(alarmAt - ONSET_SEARCH, period), end: Math.max(alarmAt, Math.min(now, alarmAt + HOUR)) };
  const look = await alarmSeries(port, alarm, period, span, now);
  return { windows: windowsFrom(alarm, look?.data ?? [], period, alarmAt, now), metric, look };
}

/** The pure half of `findWindows`. */
export function windowsFrom(alarm: AlarmFacts, points: Point[], period: number, alarmAt: number, now: number): Windows {
  const evaluationPeriods = alarm.evaluationPeriods ?? 1;
  const latest = floor(alarmAt - period * SECOND * evaluationPeriods, period);
  const judge = judgeOf(alarm, points);
  const found = firstBad(points, judge, alarmAt, allowedGap(alarm) * period * SECOND);
  const onset = found ?? latest;
  // An alarm of a few datapoints in many periods may have one bad period only; the window still holds its evaluation.
  const incident = { start: Math.min(onset, latest), end: Math.max(alarmAt, Math.min(now, alarmAt + AFTER_ALARM)) };
  const before = { start: incident.start - lengthOf(incident), end: incident.start };
  return {
    onset,
    onsetFound: found !== undefined,
    alarmAt,
    now,
    period,
    incident,
    before,
    yesterday: shift(before, -DAY),
    lastWeek: shift(before, -7 * DAY),
    ...ending(points, judge, onset, period, now),
  };
}

/** Goes back from the alarm as long as periods are bad, over the gaps that the alarm itself allows (M of N). */
function firstBad(points: Point[], { isBad }: Judge, alarmAt: number, gap: number): number | undefined {
  let first: number | undefined;
  for (const point of [...points].reverse()) {
    if (point.time >= alarmAt || !isBad(point.value)) continue;
    if (first !== undefined && first - point.time > gap) break;
    first = point.time;
  }
  return first;
}

/** From one bad period to the one before it there may be so many steps. */
function allowedGap(alarm: AlarmFacts): number {
  const periods = alarm.evaluationPeriods ?? 1;
  // One healthy period is tolerated even by an alarm that wants all: a single late or lucky minute is not a new incident.
  return Math.max(2, periods - (alarm.datapointsToAlarm ?? periods) + 1);
}

function ending(points: Point[], { isBad, exact }: Judge, onset: number, period: number, now: number): Pick<Windows, 'recovered' | 'lastBad'> {
  const since = points.filter((point) => point.time >= onset);
  const lastBad = since.reduce<number | undefined>((last, point) => isBad(point.value) ? point.time : last, undefined);
  if (since.length === 0) return {};
  // A period inside the lag may still change, so it proves nothing; one that is bad already disproves.
  const settled = since.filter((point) => point.time + period * SECOND <= now - METRIC_LAG);
  const healthy = settled.filter((point) => lastBad === undefined || point.time > lastBad);
  return { ...(exact && { recovered: healthy.length >= RECOVERED_PERIODS }), ...(lastBad !== undefined && { lastBad: lastBad + period * SECOND }) };
}

const floor = (time: number, period: number) => Math.floor(time / (period * SECOND)) * period * SECOND;
