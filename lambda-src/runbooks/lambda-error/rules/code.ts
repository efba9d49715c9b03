import type { FunctionFacts, LambdaFacts, VersionFacts } from '../facts';
import { figures, idsOf, inWords, ofEach, percent, shareOf, topOf } from './judging';
import { changeSpan } from '../../framework/changes';
import { round } from '../../framework/collect-metrics';
import { holds, type Rule, ruledOut, told, unknown } from '../../framework/decide';
import type { Figures } from '../../framework/series';
import { clockTime, contains, SECOND } from '../../framework/time';
import { AT_TIMEOUT, BOTH_VERSIONS_FAIL, KIND_SHARE, STEP } from '../thresholds';

/** Failures that come from the function's own code, size and version. */

export const timeout: Rule<LambdaFacts> = {
  id: 'LE-05',
  title: 'Time-outs',
  category: 'CAPACITY',
  judge: ofEach(({ name, configuration, series, logs, failures }) => {
    const limit = configuration?.data?.timeout;
    const longest = figures(series.duration)?.maximum;
    const atLimit = limit !== undefined && longest !== undefined ? longest >= limit * SECOND * AT_TIMEOUT : undefined;
    const share = shareOf(logs, ['TIMEOUT']);
    const after = limit === undefined ? '' : ` at its limit of ${limit} s`;
    const cites = idsOf(failures, series.duration, configuration, logs);
    const actions = [
      `Find what ${name} waits for: look at its traces and at the last line each timed-out call wrote.`,
      `Give the calls that ${name} makes a time-out of their own, shorter than its own; raise its time-out only if the work is really longer.`,
    ];
    if (share !== undefined && share >= KIND_SHARE) {
      return holds({ confidence: 'HIGH', says: `Calls of ${name} run into the time-out${after}: ${percent(share)} of the new error lines.`, cites, actions });
    }
    if (atLimit === undefined) return unknown;
    if (!atLimit) return ruledOut(`the longest call of ${name} took ${round(longest! / SECOND)} s of ${limit} s`);
    const errors = figures(series.errors)?.sum ?? 0;
    if (errors === 0) return unknown;
    if (logs?.data && logs.data.lines > 0) return told(`Some calls of ${name} ran into the time-out of ${limit} s, as they may have before; other errors have risen more.`, cites);
    const log = logs?.data || logs?.status === 'NO_DATA' ? 'has no error line' : 'was not read';
    return holds({ confidence: 'MEDIUM', says: `The longest calls of ${name} ended at its time-out of ${limit} s; its log ${log}.`, cites, actions });
  }),
};

export const outOfMemory: Rule<LambdaFacts> = {
  id: 'LE-06',
  title: 'Out of memory',
  category: 'CAPACITY',
  judge: ofEach(({ name, configuration, logs, memory, failures, series }) => {
    const share = shareOf(logs, ['OUT_OF_MEMORY']);
    const full = memory?.data?.full ?? 0;
    const limit = configuration?.data?.memory ?? memory?.data?.limit;
    const cites = idsOf(failures, memory, logs, configuration);
    const actions = [
      `Raise the memory of ${name} for tonight${limit === undefined ? '' : ` (now ${limit} MB)`}; it also gets more CPU, and each call costs more.`,
      'Then find what grew: larger input, a cache without bounds, a leak (memory that rises from call to call).',
    ];
    if (share !== undefined && share >= KIND_SHARE) {
      const used = memory?.data ? ` It used up to ${memory.data.most} of ${memory.data.limit} MB.` : '';
      return holds({ confidence: 'HIGH', says: `Calls of ${name} are killed for want of memory: ${percent(share)} of the new error lines.${used}`, cites, actions });
    }
    if (full > 0 && (figures(series.errors)?.sum ?? 0) > 0) {
      const { most, limit: size, reports } = memory!.data!;
      const says = `${name} filled its memory (${most} of ${size} MB) in ${full} of ${reports} calls`;
      // Without a line that says killed it is likely, not certain; and where other errors are plain, it is only a trace.
      return !logs?.data?.lines ? holds({ confidence: 'MEDIUM', says: `${says}.`, cites, actions }) : told(`${says}; no line says that it was killed for it.`, cites);
    }
    if (!memory?.data || share === undefined) return unknown;
    return ruledOut(`${name} used at most ${memory.data.most} of ${memory.data.limit} MB`);
  }),
};

export const initBroken: Rule<LambdaFacts> = {
  id: 'LE-07',
  title: 'Initialisation broken',
  category: 'CODE',
  judge: ofEach((fn) => {
    const { name, logs, failures, changes } = fn;
    const share = shareOf(logs, ['INIT']);
    const top = topOf(logs, ['INIT']);
    if (share === undefined) return unknown;
    if (share < KIND_SHARE || !top) return ruledOut(`no rise of import or handler errors in the log of ${name}`);
    const deployed = deployment(fn);
    return holds({
      confidence: 'HIGH',
      says: `${name} cannot start: "${top.sample.slice(0, 100)}"${deployed ? `, since ${deployed.words}` : ''}.`,
      cites: idsOf(failures, logs, deployed && changes),
      category: deployed ? 'DEPLOYMENT' : 'CODE',
      actions: [deployed ? `Roll ${name} back to the version before.` : `Compare the package of ${name} (files, layers, handler name, runtime) with the last one that worked.`],
    });
  }),
};

export const badDeploy: Rule<LambdaFacts> = {
  id: 'LE-08',
  title: 'Bad deployment',
  category: 'DEPLOYMENT',
  judge: ofEach((fn) => {
    const { name, series, logs, failures, changes, versions } = fn;
    const errors = series.errors?.data;
    const deployed = deployment(fn);
    const seen = versionsCompared(fn.byVersion);
    if (figures(series.errors)?.sum === 0) return ruledOut(`${name} has no errors`);
    if (seen === 'BOTH') return ruledOut('the version before fails as well');
    if (!deployed) return changes?.status === 'OK' ? ruledOut(`${name} was not deployed shortly before the onset`) : unknown;
    if (!errors || errors.incident.points === 0) return unknown;
    if (errors.before.points > 0 && errors.incident.average < STEP * errors.before.average) return ruledOut(`${name} failed as much before ${deployed.words}`);

    const top = logs?.data?.beforeKnown ? logs.data.differences[0] : undefined;
    if (seen !== 'NEW_ONLY' && top && !top.isNew) return ruledOut('the error that has risen most was there before the deployment');
    const what = top?.isNew ? `; new since then: "${top.pattern.sample.slice(0, 80)}"` : '';
    const healthyBefore = errors.before.points > 0;
    return holds({
      // Time alone may be chance: without a new error or a difference between versions it is no plain cause.
      confidence: seen === 'NEW_ONLY' ? 'HIGH' : top?.isNew && healthyBefore ? 'MEDIUM' : 'LOW',
      says: `${name} fails since ${deployed.words}${seen === 'NEW_ONLY' ? `, and only in version ${fn.byVersion.at(-1)!.version}` : ''}${what}.`,
      cites: idsOf(failures, deployed.published ? versions : changes, series.errors, logs, seen && fn.byVersion.at(-1)?.errors),
      actions: [`Roll ${name} back${fn.byVersion.length === 2 ? ` to version ${fn.byVersion[0].version}` : ' to what ran before'}, then look for the cause in calm.`],
    });
  }),
};

/** What may change how the code behaves. Permissions and concurrency are other rules' matter. */
const DEPLOYMENT = /^(CreateFunction|UpdateFunctionCode|UpdateFunctionConfiguration|PublishVersion|UpdateAlias|CreateAlias)/;

/** The last deployment shortly before the onset; where CloudTrail does not tell, the version published then. */
function deployment({ changes, versions, windows }: FunctionFacts): { words: string; published: boolean } | undefined {
  const change = changes?.data?.changes.find(({ event }) => DEPLOYMENT.test(event));
  if (change) return { words: inWords(change), published: false };
  const newest = versions?.data?.versions.at(-1);
  return newest && contains(changeSpan(windows), newest.at)
    ? { words: `version ${newest.version} was published at ${clockTime(newest.at)}`, published: true } : undefined;
}

/** Whether the newest version alone fails; undefined: nobody can tell (only calls through an alias are counted by version). */
function versionsCompared(byVersion: VersionFacts[]): 'NEW_ONLY' | 'BOTH' | undefined {
  const [older, newest] = byVersion;
  if (!older || !newest) return undefined;
  const rates = (pick: 'incident' | 'before', { errors, invocations }: VersionFacts) => rate(errors?.data?.[pick], invocations?.data?.[pick]);
  const now = rates('incident', newest);
  // Where all traffic moved at once, the older version is known from the time before.
  const then = rates('incident', older) ?? rates('before', older);
  if (now === undefined || then === undefined || (now === 0 && then === 0)) return undefined;
  return then < now * BOTH_VERSIONS_FAIL ? 'NEW_ONLY' : 'BOTH';
}

const rate = (errors?: Figures, invocations?: Figures) =>
  errors && invocations && errors.points > 0 && invocations.sum > 0 ? errors.sum / invocations.sum : undefined;
