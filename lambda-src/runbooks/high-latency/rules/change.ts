import { holds, type Judgement, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import { idsOf, inWords } from '../../framework/judging';
import { compared, explains, isUp, partsOf, slowsDown } from '../compare';
import type { ChangedFacts, FunctionFacts, LatencyFacts } from '../facts';
import { UP } from '../thresholds';

/** Calls that put other code into service; the rest are settings. */
const DEPLOYMENT = /^(CreateFunction|UpdateFunctionCode|PublishVersion|version |CreateAlias|UpdateAlias|CreateDeployment|stage deployed|UpdateStage)/;

export const change: Rule<LatencyFacts> = {
  id: 'HL-10',
  title: 'Change',
  category: 'DEPLOYMENT',
  judge: (facts) => {
    const { changes, changeItems } = facts;
    if (changes.length === 0) {
      return changeItems.length > 0 && changeItems.every(({ status }) => status === 'OK') ? ruledOut('nothing was changed shortly before the onset') : unknown;
    }
    const parts = partsOf(facts);
    if (!parts) return told(`${changes[0].resource} was changed (${words(changes[0])}); nothing shows that it is slower since.`, [changes[0].cites]);
    const judged = changes.map((one) => judge(facts, one));
    // The newest change that may be it: with several, the last one is undone first.
    return judged.find(({ is }) => is === 'HOLDS') ?? judged.find(({ is }) => is === 'TOLD') ?? judged[0];
  },
};

function judge(facts: LatencyFacts, one: ChangedFacts): Judgement {
  const parts = partsOf(facts)!;
  const fn = facts.functions.find(({ name }) => name === one.resource);
  const what = `${fn?.name ?? facts.api?.name ?? one.resource} was changed (${words(one)})`;
  const held = (confidence: 'HIGH' | 'MEDIUM' | 'LOW', says: string, cites: string[]) => holds({
    confidence,
    says: `${what}${says}.`,
    cites: [one.cites, ...cites],
    ...(!DEPLOYMENT.test(one.what) && { category: 'CONFIGURATION' as const }),
    actions: [`Undo the change (${words(one)}), and watch p99 for a few minutes; look for the cause in calm.`],
  });
  if (!fn) {
    const gateway = explains(parts.gateway, parts);
    return gateway === false ? told(`${what}, but the gateway takes no longer since.`, [one.cites]) : held(gateway ? 'MEDIUM' : 'LOW', gateway ? ', and the gateway takes longer since' : '', []);
  }
  const duration = fn.duration[parts.at];
  const versions = byVersion(fn);
  if (versions === 'BOTH') return ruledOut(`the version of ${fn.name} before is as slow`);
  if (versions === 'NEW_ONLY') return held('HIGH', `, and only the new version is slow: ${compared('p50', fn.byVersion.at(-1)!)}`, idsOf(...fn.byVersion.map(({ item }) => item)));
  const isSlower = slowsDown(fn, parts);
  if (isSlower) return held('MEDIUM', `, and takes longer since: ${compared(parts.at, duration)}`, idsOf(duration.item));
  // Duration leaves initialisation and waiting out, and both may come with a change.
  if (isSlower === undefined || explains(parts.between, parts)) return held('LOW', isSlower === false ? '; its own duration is as before' : '', idsOf(duration.item));
  return told(`${what}, but takes no longer since: ${compared(parts.at, duration)}.`, [one.cites, ...idsOf(duration.item)]);
}

const words = ({ what, at, user }: ChangedFacts) => inWords({ event: what, at, user });

/** Which versions are slow; undefined: nobody can tell (only calls through an alias are measured by version). */
function byVersion({ byVersion: readings }: FunctionFacts): 'NEW_ONLY' | 'BOTH' | undefined {
  const [older, newest] = readings;
  if (newest?.now === undefined) return undefined;
  // Where all traffic moved at once, the older version is known from the time before; that it was fast then proves less.
  if (older.now === undefined) return undefined;
  if (newest.now >= UP * older.now) return 'NEW_ONLY';
  return isUp(older) ? 'BOTH' : undefined;
}
