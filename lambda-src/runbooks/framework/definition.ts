import type { RuleBook } from './decide';
import type { EvidenceBuilder, EvidenceSet } from './evidence';
import type { Links } from './links';
import type { Port } from './port';
import type { Subject } from './targets';
import type { Windows } from './windows';
import type { RunbookRequest } from '../../../src/private/shared/contract';

/** What a collector works with. */
export interface Context {
  readonly request: RunbookRequest;
  readonly port: Port;
  readonly windows: Windows;
  readonly evidence: EvidenceBuilder;
  readonly links: Links;
}

/** What rules may know: nothing but the subject and the evidence, so that a stored incident can be judged again. */
export interface CaseFile {
  readonly request: Subject;
  readonly windows: Windows;
  readonly evidence: EvidenceSet;
}

/** A built-in runbook: collectors that look, and rules that judge what was seen. */
export interface RunbookDefinition<F = unknown> {
  readonly name: string;
  /** Looks at the cloud and adds evidence. What it has added by the deadline counts. */
  readonly collect: (context: Context) => Promise<void>;
  /** Reads the evidence into what the rules ask about. Pure. */
  readonly facts: (file: CaseFile) => F;
  readonly book: RuleBook<F>;
}
