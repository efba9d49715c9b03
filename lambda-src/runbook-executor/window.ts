import type { AlarmFacts, RunbookRequest, TimeWindow } from '../../src/private/shared/contract';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** The effects of a cause are worth seeing for so long after the alarm. */
const AFTER_ALARM = 300 * SECOND;
/** What a composite, or an alarm without a period, is taken to have looked at. */
const DEFAULT_EVALUATION = 300;

/**
 * The incident window, and the windows to compare it with. It begins one evaluation and one period before the change of
 * state (the first bad sample lies in there); a handler that finds the onset narrows it.
 */
export function windowOf(alarm: Pick<AlarmFacts, 'period' | 'evaluationPeriods' | 'stateTimestamp'>, now: Date): RunbookRequest['window'] {
  const period = alarm.period ?? 60;
  const evaluation = alarm.period && alarm.evaluationPeriods ? alarm.period * alarm.evaluationPeriods : DEFAULT_EVALUATION;
  const changed = Date.parse(alarm.stateTimestamp);
  const start = changed - (evaluation + period) * SECOND;
  const end = Math.max(changed, Math.min(changed + AFTER_ALARM, now.getTime()));
  return {
    ...span(start, end),
    baselines: [span(start - (end - start), start), span(start - DAY, end - DAY), span(start - 7 * DAY, end - 7 * DAY)],
  };
}

function span(start: number, end: number): TimeWindow {
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}
