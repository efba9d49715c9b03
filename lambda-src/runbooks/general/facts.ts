import type { HistoryFacts } from './collect';
import type { AlarmFacts } from '../../../src/private/shared/contract';
import { judgeOf } from '../framework/breach';
import { ALARM_METRIC, type AlarmMetricFacts } from '../framework/collect-alarm';
import type { ChangeFacts } from '../framework/collect-changes';
import type { CaseFile } from '../framework/definition';
import type { Item } from '../framework/evidence';
import type { SeriesFacts } from '../framework/series';
import type { Windows } from '../framework/windows';

/** What the rules of `general` ask about. */
export interface GeneralFacts {
  readonly alarm: AlarmFacts;
  readonly windows: Windows;
  /** The metric that the alarm names first. */
  readonly metric?: Item<SeriesFacts>;
  readonly history?: HistoryFacts;
  readonly changes: Item<ChangeFacts>[];
  /** Whether the alarm would call this value bad. */
  readonly isBad: (value: number) => boolean;
}

export function factsOf({ request, windows, evidence }: CaseFile): GeneralFacts {
  const points = evidence.data<AlarmMetricFacts>(ALARM_METRIC)?.points ?? [];
  return {
    alarm: request.alarm,
    windows,
    metric: evidence.get<SeriesFacts>('metric.0'),
    history: evidence.data<HistoryFacts>('alarm.history'),
    changes: evidence.under<ChangeFacts>('changes.'),
    isBad: judgeOf(request.alarm, points.map(([time, value]) => ({ time, value }))).isBad,
  };
}
