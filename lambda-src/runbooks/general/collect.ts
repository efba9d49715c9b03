import { HISTORY } from './thresholds';
import { collectAllChanges } from '../framework/collect-changes';
import { collectMetrics } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import type { StateChange } from '../framework/port';

/** How often the alarm went into ALARM, and when. */
export interface HistoryFacts {
  readonly alarms: number;
  readonly changes: StateChange[];
}

/** The metric against its baselines, the alarm's own history, and what changed. */
export async function collect(context: Context): Promise<void> {
  const { request } = context;
  await Promise.all([
    collectMetrics(context, request.alarm.metrics.map((metric, index) => ({ id: `metric.${index}`, what: `${metric.name} against its baselines`, ...metric }))),
    collectHistory(context),
    collectAllChanges(context),
  ]);
}

async function collectHistory({ request, port, windows, evidence, links }: Context) {
  const { alarm } = request;
  evidence.add({
    id: 'alarm.history',
    kind: 'METRIC',
    what: `the history of the alarm ${alarm.name}`,
    look: await port.alarmHistory(alarm.name, { start: windows.alarmAt - HISTORY, end: windows.now }),
    data: (changes): HistoryFacts => ({ alarms: changes.filter(({ to }) => to === 'ALARM').length, changes }),
    says: (changes) => `${changes.filter(({ to }) => to === 'ALARM').length} times in ALARM within a day`,
    link: links.alarm(alarm.name),
  });
}
