import { round } from '../../framework/collect-metrics';
import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { idsOf, ofSeveral } from '../../framework/judging';
import { isThrottled, type Side, type ThrottlingFacts } from '../facts';
import { REASON_NAMES, REASONS } from '../series';

/** Every write to a table is a write to its indexes too: the slowest of them decides. */

export const indexBackPressure: Rule<ThrottlingFacts> = {
  id: 'DT-08',
  title: 'Index back-pressure',
  category: 'CAPACITY',
  judge: (facts) => ofIndexWrites(facts, (side) => {
    if (side.events === undefined) return unknown;
    if (!isThrottled(side)) return ruledOut(`the index ${side.name} takes the writes`);
    const { byReason } = side;
    const [reason] = byReason ? REASON_NAMES.filter((name) => byReason[name] > 0).sort((a, b) => byReason[b] - byReason[a]) : [];
    return holds({
      confidence: reason ? 'HIGH' : 'MEDIUM',
      says: `The index ${side.name} throttles writes (${round(side.events)} events${reason ? `, most for its ${REASONS[reason].words}` : ''}), and with them those of ${side.resource.table}.`,
      cites: idsOf(side.reasons, side.series.throttles, side.table),
      actions: [reason === 'keyRange'
        ? `Look at the keys of the index ${side.name}: few values take most of the writes. More capacity will not help.`
        : `Give the index ${side.name} at least the write capacity of its table.`],
    });
  }),
};

export const backfill: Rule<ThrottlingFacts> = {
  id: 'DT-09',
  title: 'Index being built',
  category: 'CONFIGURATION',
  judge: (facts) => {
    if (facts.sides.some(({ table }) => !table?.data)) return unknown;
    return ofIndexWrites(facts, (side) => {
      // Its own metrics stay silent while an index is built, so its status decides.
      if (!side.description?.backfilling && side.description?.status !== 'CREATING') return ruledOut(`the index ${side.name} is not being built`);
      const base = facts.sides.find(({ resource, direction }) => resource.table === side.resource.table && resource.index === undefined && direction === 'write');
      const throttled = [side, ...base ? [base] : []].filter(isThrottled);
      const cites = idsOf(side.table, ...throttled.map(({ reasons }) => reasons));
      if (throttled.length === 0) return told(`The index ${side.name} is being built.`, cites);
      return holds({
        confidence: throttled[0] === side ? 'HIGH' : 'MEDIUM',
        says: `The index ${side.name} is being built while the ${throttled[0].words} are throttled: filling it takes writes from the application.`,
        cites,
        actions: [`Give the index ${side.name} more write capacity until it is built, or slow down the writes to ${side.resource.table}; deleting it stops it at once.`],
      });
    });
  },
};

function ofIndexWrites({ sides }: ThrottlingFacts, judge: (side: Side) => Judgement): Judgement {
  const writes = sides.filter(({ resource, direction }) => resource.index !== undefined && direction === 'write');
  if (writes.length > 0) return ofSeveral(writes.map((side) => ({ name: side.name, judgement: judge(side) })));
  const described = sides.length > 0 && sides.every(({ table }) => table?.data !== undefined);
  return described ? ruledOut(`${[...new Set(sides.map(({ resource }) => resource.table))].join(', ')} has no index`) : unknown;
}
