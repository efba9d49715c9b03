import { Intake } from '../../../lambda-src/shared/intake';
import { objectGeneration, objectSource } from '../../../lambda-src/shared/items';
import type { ObjectVersion } from '../../../lambda-src/shared/ledger';
import type { PackedPart } from '../../../lambda-src/timeseries/pack';
import { HOUR } from '../../../lambda-src/timeseries/time';

/** Sources as the store's tests write them. */
export const NOW = Date.parse('2026-11-23T12:30:00Z');

/** A sample as a test writes it: service, metric, hours back, value. */
export type Sample = readonly [service: string, metric: string, hoursBack: number, value: number];

export const FIRST: Sample[] = [['a', 'cpu', 0, 1], ['a', 'cpu', 1, 2], ['b', 'cpu', 0, 3]];
export const GROWN: Sample[] = [...FIRST, ['a', 'memory', 0, 4], ['a', 'cpu', 30, 5]];

export function pack(samples: readonly Sample[]): PackedPart[] {
  const intake = new Intake({ eventTime: NOW, sampleRetentionDays: 63 });
  for (const [service, metric, hoursBack, value] of samples) {
    const { problems } = intake.add({ service, timestamp: new Date(NOW - hoursBack * HOUR).toISOString(), metrics: { [metric]: value } });
    expect(problems).toEqual([]);
  }
  return intake.finish();
}

export function object(sequencer: string, key = 'logs/a.json'): ObjectVersion {
  return {
    source: objectSource('bucket', key), generation: objectGeneration(sequencer), bucket: 'bucket', key, etag: `etag-${sequencer}`, eventTime: NOW,
  };
}
