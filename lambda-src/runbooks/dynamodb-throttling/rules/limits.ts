import { count, ofReason } from './judging';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule } from '../../framework/decide';
import { idsOf, inWords } from '../../framework/judging';
import type { ThrottlingFacts } from '../facts';

/** Limits that are not the table's capacity: one that somebody chose, one that the account has. */

export const ownCap: Rule<ThrottlingFacts> = {
  id: 'DT-06',
  title: 'Own maximum reached',
  category: 'CONFIGURATION',
  judge: ofReason('maxOnDemand', (side) => {
    const maximum = side.description?.maximum?.[side.direction];
    const change = side.changes?.data?.changes.find(({ event }) => event.startsWith('UpdateTable'));
    const limit = maximum === undefined ? '' : `, ${round(maximum)} units a second`;
    return holds({
      confidence: 'HIGH',
      says: `${count(side, 'maxOnDemand')} throttles of the ${side.words} were for the maximum that was set for on-demand${limit}${change ? ` (${inWords(change)})` : ''}. Somebody chose it.`,
      cites: idsOf(side.reasons, side.series.maxOnDemand, side.table, change && side.changes),
      actions: [`Ask who set the maximum of ${side.name}, and why, before anybody raises it: it bounds what the table may cost.`],
    });
  }),
};

export const accountQuota: Rule<ThrottlingFacts> = {
  id: 'DT-07',
  title: 'Account quota reached',
  category: 'CAPACITY',
  judge: ofReason('accountLimit', (side, { limits }) => {
    const quota = side.direction === 'read' ? limits?.data?.tableMaxRead : limits?.data?.tableMaxWrite;
    return holds({
      confidence: 'HIGH',
      says: `${count(side, 'accountLimit')} throttles of the ${side.words} were for a quota of the account${quota ? ` (${round(quota)} ${side.direction} units a second for a table)` : ''}.`,
      cites: idsOf(side.reasons, side.series.accountLimit, limits),
      actions: [
        `Ask for a higher quota of ${side.direction} units for a table (Service Quotas, DynamoDB).`,
        `Until then slow down what ${side.direction}s ${side.name}: the quota is in force whatever its capacity.`,
      ],
    });
  }),
};
