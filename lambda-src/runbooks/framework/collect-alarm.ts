import type { EvidenceBuilder } from './evidence';
import type { Links } from './links';
import type { Port } from './port';
import type { Subject } from './targets';
import { clockTime } from './time';
import { findWindows, type Windows } from './windows';

/** The alarm's own metric as evidence: the windows, the points they were found in, and with them all that rules know beside evidence. */
export interface AlarmMetricFacts extends CaseFacts {
  readonly points: [number, number][];
}

/** What a stored result needs to be judged again without its request. */
export interface CaseFacts extends Subject {
  readonly windows: Windows;
}

/** Id of the alarm's own metric in every runbook's evidence. */
export const ALARM_METRIC = 'alarm.metric';

/** Finds the windows, and keeps what they rest on. */
export async function collectAlarm(
  { alarm, targets }: Subject, port: Port, evidence: EvidenceBuilder, links: Links, now: number,
): Promise<Windows> {
  const { windows, metric, look } = await findWindows(port, alarm, now);
  // Without what is written for people: it may be long, and no rule reads it.
  const facts: CaseFacts = { windows, alarm: { ...alarm, description: undefined, reason: '', tags: {} }, targets };
  evidence.add({
    id: ALARM_METRIC,
    kind: 'METRIC',
    what: metric ? `the alarm's metric ${metric.name}` : "the alarm's metric",
    look: look ?? { status: 'NOT_AVAILABLE', reason: 'the alarm watches no metric itself' },
    data: (points): AlarmMetricFacts => ({ ...facts, points: points.map(({ time, value }) => [time, value]) }),
    unseen: { ...facts, points: [] },
    says: () => windows.onsetFound
      ? `bad since ${clockTime(windows.onset)}${windows.recovered ? ', healthy again' : ''}`
      : 'no bad period was found before the alarm, so the onset is taken from its evaluation',
    link: links.alarm(alarm.name),
  });
  return windows;
}
