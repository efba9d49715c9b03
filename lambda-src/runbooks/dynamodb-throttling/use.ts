import type { Side } from './facts';

/** How much of the provisioned capacity was used, in the fullest period. */
export interface Use {
  /** Units a second. */
  readonly consumed: number;
  readonly provisioned: number;
  /** 0 to 1, and above it where unused capacity of the minutes before was spent. */
  readonly share: number;
}

/** Undefined: the use or the capacity was not seen. */
export function fullestPeriod({ series, description, direction }: Side): Use | undefined {
  const consumed = series.consumed?.data;
  if (!consumed || consumed.incident.points === 0) return undefined;
  const measured = series.capacity?.data?.points ?? [];
  // What is described now may have been changed since; what was measured then comes first.
  const described = description?.provisioned?.[direction];
  const periods = consumed.points.flatMap(([time, value]): Use[] => {
    const provisioned = capacityAt(measured, time) ?? described;
    const rate = value / consumed.period;
    return provisioned ? [{ consumed: rate, provisioned, share: rate / provisioned }] : [];
  });
  return periods.length > 0 ? periods.reduce((most, one) => one.share > most.share ? one : most) : undefined;
}

/** The capacity is published every five minutes: the last one before counts, or the first one after. */
function capacityAt(points: [number, number][], time: number): number | undefined {
  return (points.filter(([at]) => at <= time).at(-1) ?? points[0])?.[1];
}

/** The provisioned capacity: the most before the incident, at its beginning, and the most in it; each as far as it was measured. */
export function capacities({ series }: Side): { before?: number; atOnset?: number; highest?: number } {
  const data = series.capacity?.data;
  return {
    ...data && data.before.points > 0 && { before: data.before.maximum },
    ...data && data.incident.points > 0 && { atOnset: data.points[0]?.[1], highest: data.incident.maximum },
  };
}
