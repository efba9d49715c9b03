import { round } from '../../framework/collect-metrics';
import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import type { Item } from '../../framework/evidence';
import { idsOf, ofSeveral } from '../../framework/judging';
import { grew, loadBaseline, type SeriesFacts } from '../../framework/series';
import { partsOf } from '../compare';
import type { LatencyFacts } from '../facts';
import { LOAD_DOUBLED, LOAD_STEP } from '../thresholds';

export const load: Rule<LatencyFacts> = {
  id: 'HL-07',
  title: 'Load',
  category: 'TRAFFIC',
  judge: (facts) => {
    const { api, functions } = facts;
    // What the callers send counts; what it makes the functions do follows from it.
    const counts = api?.count?.data ? [{ name: api.name, item: api.count }]
      : functions.flatMap(({ name, series: { invocations: item } }) => item ? [{ name, item }] : []);
    return ofSeveral(counts.map(({ name, item }) => ({ name, judgement: judge(facts, name, item) })));
  },
};

function judge(facts: LatencyFacts, name: string, item: Item<SeriesFacts>): Judgement {
  const hasGrown = item.data && grew(item.data, LOAD_DOUBLED);
  if (hasGrown === undefined) return unknown;
  const { incident, before } = item.data!;
  const baseline = loadBaseline(item.data!);
  const when = baseline === item.data!.lastWeek ? 'last week' : 'yesterday';
  const says = `${round(incident.average)} calls a minute of ${name}, ${round(baseline.average)} at this time ${when}`;
  if (!hasGrown) return ruledOut(says);
  if (!partsOf(facts)) return told(`${says}, and it is not slower for it.`, idsOf(item));
  const cameWithIt = before.points === 0 || incident.average >= LOAD_STEP * before.average;
  return holds({
    // As much load just before, when it was fast, makes it a poor cause.
    confidence: cameWithIt ? 'MEDIUM' : 'LOW',
    says: `${says}${cameWithIt ? '' : `, but ${round(before.average)} just before it began`}.`,
    cites: idsOf(item),
    actions: [`Find out who calls ${name} so often: a campaign, a retry loop, a crawler. Throttle it (usage plan, WAF), or scale what lies behind.`],
  });
}
