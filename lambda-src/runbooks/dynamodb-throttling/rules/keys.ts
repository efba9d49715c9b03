import { count, ofReason } from './judging';
import { holds, type Rule, ruledOut, unknown } from '../../framework/decide';
import { idsOf, percent } from '../../framework/judging';
import type { Side, ThrottlingFacts } from '../facts';
import { HOT_KEY_SHARE, KEY_RANGE_SHARE } from '../thresholds';

/** Some keys get more than one partition can serve, whatever the table as a whole could. */

export const hotKey: Rule<ThrottlingFacts> = {
  id: 'DT-01',
  title: 'Hot key',
  category: 'TRAFFIC',
  judge: ofReason('keyRange', (side) => {
    const hottest = hottestKey(side);
    if (!hottest) return unknown;
    const { key, share } = hottest;
    if (share < HOT_KEY_SHARE) return ruledOut(`no key of ${side.name} stands out: the first has ${percent(share)} of its throttled requests`);
    return holds({
      confidence: 'HIGH',
      says: `One key (${key}) of ${side.name} has ${percent(share)} of its throttled requests: a hot key for ${side.direction}s. More capacity will not help.`,
      cites: idsOf(side.reasons, side.series.keyRange, side.keys),
      actions: [
        `Find what uses ${key} of ${side.name} so much; the console's Contributor Insights show it in clear.`,
        side.direction === 'read'
          ? 'Cache it, or read it eventually consistent (half the units).'
          : 'Spread it over several keys (a suffix), or collect its writes before they are sent.',
      ],
    });
  }, KEY_RANGE_SHARE),
};

export const hotRange: Rule<ThrottlingFacts> = {
  id: 'DT-02',
  title: 'Hot key range',
  category: 'TRAFFIC',
  judge: ofReason('keyRange', (side) => {
    const hottest = hottestKey(side);
    if (!hottest) return unknown;
    const { key, share } = hottest;
    if (share >= HOT_KEY_SHARE) return ruledOut(`one key (${key}) of ${side.name} has ${percent(share)} of its throttled requests`);
    return holds({
      // That no single key is to blame is seen; that they lie close together is concluded.
      confidence: 'MEDIUM',
      says: `${count(side, 'keyRange')} throttles of the ${side.words} were for a key range, but no key stands out (the first has ${percent(share)}): a range of keys is hot.`,
      cites: idsOf(side.reasons, side.series.keyRange, side.keys),
      actions: [
        `Look at how the keys of ${side.name} are made: keys that rise with time, or share a beginning, meet in one partition.`,
        `If the load is new or comes in peaks, warm ${side.name} up before it (warm throughput): it then has more partitions.`,
      ],
    });
  }, KEY_RANGE_SHARE),
};

/** The key that was throttled most; undefined: Contributor Insights did not tell. */
function hottestKey({ keys }: Side): { key: string; share: number } | undefined {
  const [first] = keys?.data?.keys ?? [];
  const total = keys?.data?.total ?? 0;
  return first && total > 0 ? { key: first.key, share: first.count / total } : undefined;
}
