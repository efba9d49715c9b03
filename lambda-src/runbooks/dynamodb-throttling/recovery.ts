import { type Direction, DIRECTIONS, nameOf, type Resource, seriesId, useSeries } from './series';
import { PERIOD, QUIET_PERIODS } from './thresholds';
import type { Context } from '../framework/definition';
import { METRIC_LAG } from '../framework/lag';
import type { Look, Point } from '../framework/port';
import { clockTime, HOUR, SECOND } from '../framework/time';

/** Whether what was throttled still is: the alarm's own metric may have no point to tell it by, or a period too long. */
export interface RecoveryFacts {
  readonly sides: SideRecovery[];
}

/** One throttled direction of one resource. UNKNOWN: nobody uses it any more, so nothing can be throttled. */
export interface SideRecovery {
  readonly resource: string;
  readonly direction: Direction;
  readonly state: 'THROTTLED' | 'QUIET' | 'UNKNOWN';
  /** End of the last period with a throttle. */
  readonly lastThrottle: number;
}

/** Id of the evidence. */
export const RECOVERY = 'recovery';

/** Looks at the newest minutes, which lie behind the incident's window. */
export async function collectRecovery({ port, windows, evidence, links }: Context, resources: Resource[]): Promise<void> {
  if (resources.length === 0) return;
  const end = Math.max(windows.alarmAt, Math.min(windows.now, windows.alarmAt + HOUR));
  const queries = resources.flatMap(useSeries).map(({ what, ...query }) => ({ ...query, period: PERIOD / SECOND }));
  const looks = await port.metrics(queries, { start: windows.incident.start, end });
  // A minute inside the lag may still get its throttle, so it proves nothing; one that has it disproves.
  const settled = Math.floor(Math.min(end, windows.now - METRIC_LAG) / PERIOD) * PERIOD;
  evidence.add({
    id: RECOVERY,
    kind: 'METRIC',
    what: 'throttles in the newest minutes',
    look: overall(Object.values(looks)),
    data: (): RecoveryFacts => ({
      sides: resources.flatMap((resource) => DIRECTIONS.flatMap((direction) => {
        const points = (series: 'throttles' | 'consumed') => looks[seriesId(resource, direction, series)]?.data ?? [];
        return sideOf(nameOf(resource), direction, points('throttles'), points('consumed'), settled) ?? [];
      })),
    }),
    says: () => {
      const last = lastOf(resources.flatMap((resource) => DIRECTIONS.flatMap((direction) => looks[seriesId(resource, direction, 'throttles')]?.data ?? [])));
      return last === undefined ? 'none since the onset' : `the last one before ${clockTime(last)}`;
    },
    link: links.table(resources[0].table),
  });
}

/** Each series is asked for on its own as well, where a refusal is told; here one answer stands for all. */
function overall(looks: Look<Point[]>[]): Look<Point[]> {
  return looks.find(({ status }) => status === 'OK') ?? looks.find(({ status }) => status === 'NO_DATA') ?? { ...looks[0], data: undefined };
}

function sideOf(resource: string, direction: Direction, throttles: Point[], consumed: Point[], settled: number): SideRecovery | undefined {
  const lastThrottle = lastOf(throttles);
  if (lastThrottle === undefined) return undefined;
  const since = settled - QUIET_PERIODS * PERIOD;
  const used = consumed.filter(({ time }) => time >= since && time < settled).length;
  const quiet = used >= QUIET_PERIODS ? 'QUIET' : 'UNKNOWN';
  return { resource, direction, state: lastThrottle > since ? 'THROTTLED' : quiet, lastThrottle };
}

function lastOf(throttles: Point[]): number | undefined {
  const times = throttles.filter(({ value }) => value > 0).map(({ time }) => time + PERIOD);
  return times.length > 0 ? Math.max(...times) : undefined;
}
