import { type Confidence } from '../../../../src/private/shared/contract';
import { eventName } from '../../framework/changes';
import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { clockTime } from '../../framework/time';
import { failures, type HighErrorRateFacts, topDifference } from '../facts';
import { HEALTHY_BEFORE } from '../thresholds';

export const badDeploy: Rule<HighErrorRateFacts> = {
  id: 'HE-02',
  title: 'Bad deploy',
  category: 'DEPLOYMENT',
  judge: (facts) => {
    const [deploy] = facts.deploys;
    const failed = failures(facts);
    if (!deploy) {
      const known = facts.changeItems.length > 0 && facts.changeItems.every(({ status }) => status === 'OK');
      return known ? ruledOut('nothing was changed shortly before the onset') : unknown;
    }
    if (!failed || failed.incident.sum === 0) return unknown;
    if (failed.before.points === 0) return unknown;
    if (failed.before.sum > HEALTHY_BEFORE * failed.incident.sum) return ruledOut('it failed before the change too');
    const versions = byVersion(facts);
    if (versions === 'BOTH') return ruledOut('the old version errs too');

    const difference = topDifference(facts);
    const isNew = difference?.item.data?.beforeKnown ? difference.top.isNew : undefined;
    if (isNew === false) return ruledOut(`the errors that rose most were there before ("${difference!.top.pattern.pattern}")`);
    const what = difference && isNew ? `, and "${difference.top.pattern.sample.slice(0, 90)}" is new since` : '';
    return holds({
      confidence: confidenceOf(versions, isNew),
      says: `${deploy.resource} was changed (${eventName(deploy)}) at ${clockTime(deploy.at)}${deploy.user ? ` by ${deploy.user}` : ''}${what}.`,
      cites: [deploy.cites, ...failed.cites, ...difference ? [difference.item.id] : [], ...facts.versionErrors.map(({ item }) => item.id)],
      actions: [`Roll ${deploy.resource} back to what ran before ${clockTime(deploy.at)}, then look for the cause in calm.`],
    });
  },
};

/** Without the log nothing says that the change brought the failure: the time alone fits by chance often enough. */
function confidenceOf(versions: ReturnType<typeof byVersion>, isNew: boolean | undefined): Confidence {
  if (versions === 'NEW_ONLY') return 'HIGH';
  return isNew ? 'MEDIUM' : 'LOW';
}

/** Which versions err; undefined: there are no metrics by version, or only one version was ever invoked. */
function byVersion({ versionErrors }: HighErrorRateFacts): 'NEW_ONLY' | 'BOTH' | undefined {
  const newest = versionErrors.at(-1)?.item.data?.incident;
  if (!newest || newest.sum === 0) return undefined;
  // The older one may no longer be invoked: then what it did before the change counts.
  const older = versionErrors.slice(0, -1)
    .flatMap(({ item: { data } }) => data && (data.incident.points > 0 || data.before.points > 0) ? [data] : []);
  if (older.length === 0) return undefined;
  return older.some(({ incident, before }) => incident.sum + before.sum > HEALTHY_BEFORE * newest.sum) ? 'BOTH' : 'NEW_ONLY';
}
