import { type CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { ItemStore } from '../../lambda-src/runbook-executor/item-store';
import type { OpenState } from '../../lambda-src/runbook-executor/transition';
import {
  drillKey, incidentKey, type IncidentItem, incidentPk, openKey, random, TIMELINE_PREFIX, TIMELINE_TYPES, type TimelineItem, TTL, ttlAfter,
} from '../../lambda-src/shared/incident-items';
import { UsageError } from '../command';
import { labelled } from '../text';

/** How long the executor knows the drill as one. */
const DRILL_DAYS = 1;
const PAUSE_MS = 1000;

/** What a drill works with. */
export interface DrillTools {
  readonly cloudwatch: CloudWatchClient;
  readonly store: ItemStore;
  now(): number;
  pause(ms: number): Promise<void>;
  say(line: string): void;
}

export interface DrillPlan {
  readonly alarm: string;
  /** Whether to wait for the report, and how long at most, in milliseconds; absent: not at all. */
  readonly waitMs?: number;
  /** Leave the alarm in ALARM. */
  readonly keep: boolean;
}

/** What became of a drill. */
export interface Drilled {
  readonly drill: string;
  readonly alarm: string;
  /** Absent where it was not waited for, or none opened. */
  readonly incident?: string;
  /** The incident's timeline, oldest first. */
  readonly steps: readonly TimelineItem[];
  readonly verdict?: IncidentItem['verdict'];
  /** Every run that began was reported. False where it was waited for in vain. */
  readonly reported: boolean;
  readonly setBack: boolean;
}

/** The alarm that a drill may set: it must be there, and must not tell of something real just now. */
export async function checkAlarm({ cloudwatch }: Pick<DrillTools, 'cloudwatch'>, name: string): Promise<{ arn: string; warning?: string }> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  const [alarm] = [...MetricAlarms, ...CompositeAlarms];
  if (!alarm) throw new UsageError(`there is no alarm ${name} in this account and region`);
  if (alarm.StateValue === 'ALARM') throw new UsageError(`the alarm ${name} is in ALARM already, since ${alarm.StateUpdatedTimestamp?.toISOString()}: a drill would only hide what is wrong`);
  return { arn: alarm.AlarmArn!, ...(alarm.ActionsEnabled === false && { warning: `The actions of ${name} are disabled: nobody will be told.` }) };
}

/** Sets the alarm, follows the incident that opens, and sets the alarm back. */
export async function runDrill(tools: DrillTools, { alarm, waitMs, keep }: DrillPlan): Promise<Drilled> {
  const { cloudwatch, store, now, say } = tools;
  const { arn, warning } = await checkAlarm(tools, alarm);
  if (warning) say(warning);
  const drill = random();
  const before = (await store.get<OpenState>(openKey(arn)))?.latest?.id;
  const started = new Date(now()).toISOString();
  // First the item: the executor takes the alarm for real where it does not find it.
  await store.put(drillKey(drill), { alarm, started, [TTL]: ttlAfter(started, DRILL_DAYS) });
  const set = (StateValue: 'ALARM' | 'OK', StateReason: string, data?: object) => cloudwatch.send(new SetAlarmStateCommand({
    AlarmName: alarm, StateValue, StateReason, ...(data && { StateReasonData: JSON.stringify(data) }),
  }));
  await set('ALARM', 'drill', { drill });
  say(`${alarm} is in ALARM (drill ${drill}).`);
  if (waitMs === undefined) return { drill, alarm, steps: [], reported: true, setBack: false };
  try {
    const followed = await follow(tools, arn, before, now() + waitMs);
    return { drill, alarm, ...followed, setBack: !keep };
  } finally {
    if (!keep) {
      await set('OK', 'drill is over');
      say(`${alarm} is set back to OK.`);
    }
  }
}

/** Tells each step once, as it comes, until all runs are reported or the time is over. */
async function follow(
  { store, now, pause, say }: DrillTools, arn: string, before: string | undefined, until: number,
): Promise<Pick<Drilled, 'incident' | 'steps' | 'verdict' | 'reported'>> {
  let incident: string | undefined;
  const steps = new Map<string, TimelineItem>();
  for (;;) {
    const latest = (await store.get<OpenState>(openKey(arn)))?.latest?.id;
    if (latest !== before) incident = latest;
    const items = incident ? await store.list<TimelineItem>(incidentPk(incident)) : [];
    const fresh = items.filter((item) => item.sk.startsWith(TIMELINE_PREFIX) && !steps.has(item.sk)).sort(inOrder);
    for (const { pk: _, sk, ...step } of fresh) {
      steps.set(sk, step);
      say(lineOf(step));
    }
    const all = [...steps.values()];
    const reported = isReported(all);
    if (reported || now() >= until) {
      const item = incident ? await store.get<IncidentItem>(incidentKey(incident)) : undefined;
      return { incident, steps: all, verdict: item?.verdict, reported };
    }
    await pause(PAUSE_MS);
  }
}

/** Whether a run was reported, and none that began is still to come. */
export function isReported(steps: readonly TimelineItem[]): boolean {
  const runs = (type: TimelineItem['type']) => new Set(steps.filter((step) => step.type === type).map(({ runId }) => runId));
  const [begun, reported] = [runs('RUN_STARTED'), runs('REPORTED')];
  return reported.size > 0 && [...begun].every((runId) => reported.has(runId));
}

/** The keys order what is of one millisecond by the names of the types. */
function inOrder(a: TimelineItem, b: TimelineItem): number {
  return a.time === b.time ? TIMELINE_TYPES.indexOf(a.type) - TIMELINE_TYPES.indexOf(b.type) : a.time < b.time ? -1 : 1;
}

const lineOf = ({ time, type, text }: TimelineItem) => labelled([[`${time.slice(11, 19)}  ${type.padEnd(11)}`, text]]).join('\n');
