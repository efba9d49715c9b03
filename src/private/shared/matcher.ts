import type { AlarmFacts, AlarmMetric } from './contract';
import { AlarmEntry, MATCHER_CLASSES, MatcherClass, MatcherEntry, RunbookEntry } from './runbook-table';

/** More runbooks than this for one alarm are told, not run. */
export const MOST_RUNBOOKS = 3;

/** As much of an alarm as matchers look at. */
export interface MatchedAlarm extends Pick<AlarmFacts, 'arn' | 'name' | 'tags'> {
  readonly metrics: readonly Pick<AlarmMetric, 'namespace' | 'name'>[];
}

/** What became of one runbook when an alarm was matched. */
export interface Candidate {
  readonly runbook: string;
  /** NAMED: the alarm itself names it. */
  readonly class?: 'NAMED' | MatcherClass;
  readonly outcome: 'RUNS' | 'TOO_MANY' | 'LESS_SPECIFIC' | 'NO_MATCH';
  /** One sentence: why it runs, or why not. */
  readonly reason: string;
}

/** Which runbooks an alarm gets, and why: all of the best class, in the order of their registration. */
export interface Match {
  readonly runbooks: readonly RunbookEntry[];
  readonly candidates: readonly Candidate[];
}

export function matchRunbooks(runbooks: readonly RunbookEntry[], alarm: MatchedAlarm, entry?: Pick<AlarmEntry, 'runbook'>): Match {
  const inOrder = [...runbooks].sort((left, right) => left.order - right.order);
  const named = inOrder.find(({ name }) => name === entry?.runbook);
  const best = inOrder.map((runbook) => ({ runbook, match: runbook === named ? { class: 'NAMED' as const, reason: 'the alarm names it' } : bestOf(runbook, alarm) }));
  const winner = ['NAMED' as const, ...MATCHER_CLASSES].find((candidate) => best.some(({ match }) => match?.class === candidate));

  const chosen: RunbookEntry[] = [];
  const candidates = best.map(({ runbook, match }): Candidate => {
    if (!match) return { runbook: runbook.name, outcome: 'NO_MATCH', reason: 'none of its matchers fits the alarm' };
    const told = { runbook: runbook.name, class: match.class };
    if (match.class !== winner) return { ...told, outcome: 'LESS_SPECIFIC', reason: `${match.reason}, but ${winner} wins over ${match.class}` };
    if (chosen.length === MOST_RUNBOOKS) return { ...told, outcome: 'TOO_MANY', reason: `${match.reason}, but ${MOST_RUNBOOKS} runbooks run already` };
    chosen.push(runbook);
    return { ...told, outcome: 'RUNS', reason: match.reason };
  });
  return { runbooks: chosen, candidates };
}

/** The runbook's matcher of the most specific class that fits. */
function bestOf(runbook: RunbookEntry, alarm: MatchedAlarm): { class: MatcherClass; reason: string } | undefined {
  for (const wanted of MATCHER_CLASSES) {
    for (const matcher of runbook.matches) {
      const reason = matcher.class === wanted ? fits(matcher, alarm) : undefined;
      if (reason) return { class: wanted, reason };
    }
  }
  return undefined;
}

function fits(matcher: MatcherEntry, alarm: MatchedAlarm): string | undefined {
  switch (matcher.class) {
    case 'ALARM':
      return matcher.alarmArn === alarm.arn ? 'it is registered for this alarm' : undefined;
    case 'TAG': {
      const value = alarm.tags[matcher.tagKey ?? ''];
      const same = value !== undefined && (matcher.tagValue === undefined || matcher.tagValue === value);
      return same ? `the alarm has the tag ${matcher.tagKey}=${value}` : undefined;
    }
    case 'NAME_PATTERN':
      return glob(matcher.pattern ?? '', alarm.name) ? `the alarm's name fits ${matcher.pattern}` : undefined;
    case 'METRIC': {
      const metric = alarm.metrics.find(({ namespace, name }) => namespace === matcher.namespace && glob(matcher.metricName ?? '', name));
      return metric && `the alarm watches ${metric.namespace} ${metric.name}`;
    }
    case 'NAMESPACE':
      return alarm.metrics.some(({ namespace }) => namespace === matcher.namespace) ? `the alarm watches ${matcher.namespace}` : undefined;
    case 'ANY':
      return 'it takes every alarm';
  }
}

/** `*` stands for any characters. Part by part and leftmost first, so that no pattern is slow. */
function glob(pattern: string, text: string): boolean {
  const [head, ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop()!;
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - tail.length;
}
