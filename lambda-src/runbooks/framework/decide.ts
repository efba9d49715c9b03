import { type EvidenceSet } from './evidence';
import { clockTime } from './time';
import type { Windows } from './windows';
import type { Confidence, EvidenceStatus, Finding, Verdict, VerdictCategory } from '../../../src/private/shared/contract';

/** What a rule says about the evidence. */
export type Judgement =
  | Holds
  /** The evidence shows that it is not so. */
  | { readonly is: 'RULED_OUT'; readonly why: string }
  /** The evidence does not tell; nothing is ruled out by what was not seen. */
  | { readonly is: 'UNKNOWN' }
  /** A trace of it: a fact worth telling, no cause. */
  | { readonly is: 'TOLD'; readonly says: string; readonly cites: string[] };

export interface Holds {
  readonly is: 'HOLDS';
  /** LOW is not a plain cause: a recovery or a frame then leads. */
  readonly confidence: Confidence;
  /** One sentence for a person at 03:00, naming the thing. */
  readonly says: string;
  /** Ids of the evidence it rests on. */
  readonly cites: string[];
  /** What a person might do next. */
  readonly actions?: string[];
  /** Where the rule's usual category does not fit this case. */
  readonly category?: VerdictCategory;
  /** A frame that leads even over causes, because it makes each of them weak. */
  readonly dominates?: boolean;
}

export const holds = (held: Omit<Holds, 'is'>): Judgement => ({ is: 'HOLDS', ...held });
export const ruledOut = (why: string): Judgement => ({ is: 'RULED_OUT', why });
export const unknown: Judgement = { is: 'UNKNOWN' };
export const told = (says: string, cites: string[]): Judgement => ({ is: 'TOLD', says, cites });

export interface Rule<F> {
  /** Such as `HE-02`: stable, and a section of the written runbook. */
  readonly id: string;
  readonly title: string;
  readonly category: VerdictCategory;
  readonly judge: (facts: F) => Judgement;
}

export interface RuleBook<F> {
  readonly rules: Rule<F>[];
  /** Ids of the causes, the most specific first; a rule that is not listed can only be a finding. */
  readonly precedence: string[];
  /** Ids that lead only where no cause does, in order. */
  readonly frames?: string[];
  /** Ids of the rule that says it is over, and of the one that says nothing was found. */
  readonly recovered?: string;
  readonly inconclusive: string;
  /** A sentence that belongs into every summary, such as the present figures against those before. */
  readonly figures?: (facts: F) => string | undefined;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly summary: string;
  readonly findings: Finding[];
  readonly ruledOut: { readonly ruleId: string; readonly why: string }[];
  readonly proposedActions: string[];
}

/** Statuses that cap the confidence: what was refused or late might have said otherwise. */
const CAPPING: readonly EvidenceStatus[] = ['ACCESS_DENIED', 'TIMED_OUT'];

/** Chooses the verdict. Pure: the same evidence gives the same decision, now and in a replay. */
export function decide<F>(book: RuleBook<F>, facts: F, evidence: EvidenceSet, windows: Windows): Decision {
  const judged = book.rules.map((rule) => ({ rule, judgement: rule.judge(facts) }));
  const held = new Map(judged.flatMap(({ rule, judgement }) => judgement.is === 'HOLDS' ? [[rule.id, { rule, ...judgement }] as const] : []));
  const leading = lead(book, held);
  if (!leading) throw new Error(`rule ${book.inconclusive} of this runbook must always hold`);

  const isOver = windows.recovered === true && leading.rule.id !== book.recovered;
  const others = [...held.values()].filter((one) => one !== leading && one.rule.id !== book.inconclusive && one.rule.id !== book.recovered);
  return {
    verdict: {
      ruleId: leading.rule.id,
      title: leading.rule.title,
      confidence: capped(leading.confidence, evidence),
      category: leading.category ?? leading.rule.category,
    },
    summary: [leading.says, `Since ${windows.onsetFound ? '' : 'about '}${clockTime(windows.onset)}${isOver ? '; it is over now' : ''}.`, book.figures?.(facts) ?? '']
      .join(' ').trim(),
    findings: [
      // The leading rule comes first, so that its evidence is told the same way as everybody else's.
      ...[leading, ...others].map(({ rule, says, cites }) => ({ ruleId: rule.id, summary: says, evidence: cites })),
      ...judged.flatMap(({ rule, judgement }) => judgement.is === 'TOLD' ? [{ ruleId: rule.id, summary: judgement.says, evidence: judgement.cites }] : []),
    ],
    ruledOut: judged.flatMap(({ rule, judgement }) => judgement.is === 'RULED_OUT' ? [{ ruleId: rule.id, why: judgement.why }] : []),
    proposedActions: [...new Set([leading, ...others].flatMap(({ actions }) => actions ?? []))],
  };
}

function lead<F>(book: RuleBook<F>, held: Map<string, Holds & { rule: Rule<F> }>) {
  const of = (ids: string[] = []) => ids.flatMap((id) => held.get(id) ?? []);
  const causes = of(book.precedence);
  const frames = of(book.frames);
  return frames.find((frame) => frame.dominates)
    ?? causes.find((cause) => cause.confidence !== 'LOW')
    ?? held.get(book.recovered ?? '')
    ?? causes[0]
    ?? frames[0]
    ?? held.get(book.inconclusive);
}

/** Anything denied or timed out caps the confidence at MEDIUM, whatever it was. */
function capped(confidence: Confidence, evidence: EvidenceSet): Confidence {
  return confidence === 'HIGH' && evidence.items.some((item) => CAPPING.includes(item.status)) ? 'MEDIUM' : confidence;
}
