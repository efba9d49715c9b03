import type { GeneralFacts } from './facts';
import { FLAPPING_ALARMS, USUAL_TOLERANCE } from './thresholds';
import { eventName } from '../framework/changes';
import { ALARM_METRIC } from '../framework/collect-alarm';
import { round } from '../framework/collect-metrics';
import { holds, type Rule, ruledOut, told, unknown } from '../framework/decide';
import { recovery } from '../framework/recovery';
import { type Figures, loadBaseline, type SeriesFacts } from '../framework/series';
import { clockTime, DAY, duration } from '../framework/time';

export const changed: Rule<GeneralFacts> = {
  id: 'GE-01',
  title: 'Changed shortly before',
  category: 'DEPLOYMENT',
  judge: ({ changes, windows, metric }) => {
    const item = changes.find(({ data }) => data !== undefined && data.changes.length > 0);
    if (!item) {
      const known = changes.length > 0 && changes.every(({ status }) => status === 'OK');
      return known ? ruledOut('no change was recorded on the resource shortly before the onset') : unknown;
    }
    const [newest] = item.data!.changes;
    const says = `${newest.resource} was changed (${eventName(newest)}) at ${clockTime(newest.at)}, ${duration(Math.abs(windows.onset - newest.at))} from the onset.`;
    const cites = [item.id, ALARM_METRIC];
    // Without an onset of its own the change is beside the alarm by chance or not; nobody can tell.
    const confidence = windows.onsetFound && metric?.data && metric.data.before.points > 0 ? 'MEDIUM' : 'LOW';
    return holds({ confidence, says, cites, actions: [`Look at what changed on ${newest.resource}; undo it if the time fits.`] });
  },
};

export const outOfTheOrdinary: Rule<GeneralFacts> = {
  id: 'GE-02',
  title: 'Out of the ordinary',
  category: 'INCONCLUSIVE',
  judge: ({ metric, windows }) => {
    const data = metric?.data;
    if (!data || data.incident.points === 0) return unknown;
    // A young metric has no earlier days: then the time just before says what is usual.
    const days = usualOf(data);
    const usual = days ?? data.before;
    if (usual.points === 0) return unknown;
    const compared = `${round(usual.average)} ${days ? 'at this time of an earlier day' : 'just before'}`;
    if (isUsual(data.incident, usual)) return ruledOut(`${data.name} is at ${round(data.incident.average)}, as it was ${compared}`);
    return holds({
      confidence: days ? 'MEDIUM' : 'LOW',
      says: `${data.name} is at ${round(data.incident.average)}, ${compared}; what caused it is not among what this runbook knows.`,
      cites: [metric.id],
      actions: [`Open the service behind ${data.name} and look at ${clockTime(windows.onset)}.`],
    });
  },
};

export const flapping: Rule<GeneralFacts> = {
  id: 'GE-03',
  title: 'Flapping alarm',
  category: 'CONFIGURATION',
  judge: ({ history, alarm }) => {
    if (!history) return unknown;
    if (history.alarms < FLAPPING_ALARMS) {
      return history.alarms > 1 ? told(`The alarm fired ${history.alarms} times within a day.`, ['alarm.history']) : ruledOut('the alarm fired once within a day');
    }
    return holds({
      confidence: 'HIGH',
      says: `The alarm fired ${history.alarms} times within ${duration(DAY)}: the metric crosses its threshold back and forth.`,
      cites: ['alarm.history'],
      actions: [`Give ${alarm.name} more evaluation periods, or a threshold off the metric's usual range.`],
    });
  },
};

export const usualAtThisTime: Rule<GeneralFacts> = {
  id: 'GE-04',
  title: 'Usual at this time',
  category: 'CONFIGURATION',
  judge: ({ metric, isBad, alarm }) => {
    const data = metric?.data;
    if (!data || data.incident.points === 0 || alarm.threshold === undefined) return unknown;
    const usual = usualOf(data);
    if (!usual) return unknown;
    if (!isBad(usual.average) || !isUsual(data.incident, usual)) return ruledOut(`${data.name} was at ${round(usual.average)} at this time of an earlier day`);
    return holds({
      confidence: 'MEDIUM',
      says: `${data.name} was as high at this time of an earlier day (${round(usual.average)}): the threshold ${alarm.threshold} lies in its usual range.`,
      cites: [metric.id],
      actions: [`Review the threshold of ${alarm.name}.`],
    });
  },
};

export const recovered: Rule<GeneralFacts> = {
  id: 'GE-05',
  title: 'Recovered',
  category: 'RECOVERED',
  judge: ({ windows }) => recovery(windows, { says: 'The metric is healthy again.' }),
};

export const inconclusive: Rule<GeneralFacts> = {
  id: 'GE-00',
  title: 'Inconclusive',
  category: 'INCONCLUSIVE',
  judge: ({ alarm, changes }) => holds({
    confidence: 'LOW',
    says: `The metric against its baselines, the alarm's history and ${changes.length === 0 ? 'no resource (none is registered for it)' : `the changes of ${changes.map(({ data, id }) => data?.resource ?? id).join(', ')}`} were looked at; none of it tells why.`,
    cites: [ALARM_METRIC],
    actions: [alarm.children.length > 0 ? `Look at the alarms below it: ${alarm.children.join(', ')}.` : `Open the alarm ${alarm.name} and follow its metric.`],
  }),
};

/** The same time last week, or yesterday. */
function usualOf(data: SeriesFacts): Figures | undefined {
  const baseline = loadBaseline(data);
  return baseline.points > 0 ? baseline : undefined;
}

function isUsual(now: Figures, usual: Figures): boolean {
  return Math.abs(now.average - usual.average) <= USUAL_TOLERANCE * Math.max(Math.abs(now.average), Math.abs(usual.average));
}
