/** A command of the tool, described once: parsing and `--help` are made of it. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What stands after the command's name, such as `<file or folder>...`. */
  readonly positionals: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Further lines of `--help`. */
  readonly notes: readonly string[];
  run(input: Input): Promise<Answer>;
}

export interface Option {
  /** What it takes, such as `<file>`; absent for a switch. */
  readonly takes?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

/** What a command is called with. */
export interface Input {
  readonly positionals: readonly string[];
  /** The value of an option, if it was given. */
  one(option: string): string | undefined;
  /** The values of an option that may be repeated. */
  all(option: string): readonly string[];
  /** Whether a switch was given. */
  has(option: string): boolean;
  /** Tells how it goes, while it goes on. Never a part of the answer. */
  say(line: string): void;
}

/** What a command comes to, for both kinds of reader. */
export interface Answer {
  /** False: the answer is no. */
  readonly ok: boolean;
  /** For `--json`. */
  readonly json: unknown;
  /** For people. */
  readonly lines: readonly string[];
}

/** The command was called wrongly: one sentence that says how to call it. */
export class UsageError extends Error {}
