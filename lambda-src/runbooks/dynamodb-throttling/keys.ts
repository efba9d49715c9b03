import { nameOf, type Resource } from './series';
import { round } from '../framework/collect-metrics';
import type { Context } from '../framework/definition';
import { percent } from '../framework/judging';
import type { CapacityKeys } from '../framework/port-table';

/** So many keys are told to people; the evidence has them all. */
const TOLD_KEYS = 3;

const TURN_ON = 'Turn on Contributor Insights for throttled keys: `throttledKeyInsights: true` on monitorTable. It names hot keys from then on.';

/** Contributor Insights of one resource: throttled and accessed keys apart, since the key that is used most need not be the one that is refused. */
export async function collectKeys(context: Context, resource: Resource): Promise<void> {
  const { port, windows, evidence, links } = context;
  const name = nameOf(resource);
  const add = async (which: 'THROTTLED' | 'ACCESSED') => {
    const look = await port.capacityKeys({ ...resource, which, span: windows.incident });
    // Our own switch counts throttled keys only, to cost little; no rule needs the others, so that is no gap.
    if (which === 'ACCESSED' && look.status === 'NOT_CONFIGURED') return;
    evidence.add({
      id: `keys.${which.toLowerCase()}.${name}`,
      kind: 'KEY',
      what: `most ${which.toLowerCase()} keys of ${name} (Contributor Insights)`,
      look,
      says: keysInWords,
      link: links.table(resource.table),
      ...look.status === 'NOT_CONFIGURED' && { fix: TURN_ON },
    });
  };
  await Promise.all([add('THROTTLED'), add('ACCESSED')]);
}

/** `key-0a1b2c3d4e 620 of 1000 (62 %), ...`. */
function keysInWords({ total, keys }: CapacityKeys): string {
  return keys.slice(0, TOLD_KEYS).map(({ key, count }) => `${key} ${round(count)} of ${round(total)} (${percent(count / total)})`).join(', ');
}
