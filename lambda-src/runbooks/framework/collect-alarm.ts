import type { EvidenceBuilder } from './evidence';
import type { Links } from './links';
import type { Port } from './port';
import { clockTime } from './time';
import { findWindows, type Windows } from './windows';
import type { AlarmFacts } from '../../../src/private/shared/contract';

/** The alarm's own metric as evidence: the windows, and the points they were found in. */
export interface AlarmMetricFacts {
  readonly windows: Windows;
  readonly points: [number, number][];
}

/** Id of the alarm's own metric in every runbook's evidence. */
export const ALARM_METRIC = 'alarm.metric';

/** Finds the windows, and keeps what they rest on. */
export async function collectAlarm(alarm: AlarmFacts, port: Port, evidence: EvidenceBuilder, links: Links, now: number): Promise<Windows> {
  const { windows, metric, look } = await findWindows(port, alarm, now);
  evidence.add({
    id: ALARM_METRIC,
    kind: 'METRIC',
    what: metric ? `the alarm's metric ${metric.name}` : "the alarm's metric",
    look: look ?? { status: 'NOT_AVAILABLE', reason: 'the alarm watches no metric itself' },
    data: (points): AlarmMetricFacts => ({ windows, points: points.map(({ time, value }) => [time, value]) }),
    says: () => windows.onsetFound
      ? `bad since ${clockTime(windows.onset)}${windows.recovered ? ', healthy again' : ''}`
      : 'no bad period was found before the alarm, so the onset is taken from its evaluation',
    link: links.alarm(alarm.name),
  });
  return windows;
}
