/** Something that is not as it should be, and what to do about it. */
export interface Finding {
  /** HINT: it works, but a runbook would see more. */
  readonly level: 'FINDING' | 'HINT';
  readonly what: string;
  readonly fix: string;
}

export const finding = (what: string, fix: string): Finding => ({ level: 'FINDING', what, fix });
export const hint = (what: string, fix: string): Finding => ({ level: 'HINT', what, fix });
