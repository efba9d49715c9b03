/** What one slice of a backfill has to do. */
export interface Slice {
  /** Only objects whose key starts with this are queued. */
  readonly prefix: string;
  readonly perSecond: number;
  /** When the backfill began, RFC 3339: all of its slices judge the age of samples by it. */
  readonly startedAt: string;
  /** The last key that the slice before has dealt with. */
  readonly after?: string;
}

/** Fresh logs share the queue and the processor: a rate that it keeps up with does not delay them. */
const DEFAULT_PER_SECOND = 20;
const MAX_PER_SECOND = 1000;

/** Says what is wrong with a payload, and what would be right. */
export class BadPayload extends Error {
  public override readonly name = 'BadPayload';

  constructor(path: string, found: unknown, expected: string, fix: string) {
    super(`${path} is ${quote(found)}; expected ${expected}. ${fix}.`);
  }
}

/** The slice that an invocation asks for: the first one of a backfill, or the one after an earlier answer. */
export function sliceOf(payload: unknown, keyPrefix: string, now: number): Slice {
  const { resume, ...members } = membersOf(payload);
  if (resume !== undefined) {
    refuseOthers(members, [], 'The token holds all the rest: send it alone');
    return resumed(resume, keyPrefix);
  }
  const { prefix = keyPrefix, perSecond = DEFAULT_PER_SECOND, ...others } = members;
  refuseOthers(others, ['prefix', 'perSecond', 'resume'], 'Leave it out');
  if (!isPerSecond(perSecond)) {
    throw new BadPayload('payload.perSecond', perSecond, `a whole number from 1 to ${MAX_PER_SECOND}`, `Leave it out for ${DEFAULT_PER_SECOND} objects a second`);
  }
  return { prefix: checkedPrefix('payload.prefix', prefix, keyPrefix), perSecond, startedAt: new Date(now).toISOString() };
}

/** What the next invocation resumes by. It is no secret and not signed: it is checked as any payload is. */
export function resumeToken({ prefix, perSecond, startedAt, after }: Slice): string {
  return Buffer.from(JSON.stringify({ prefix, perSecond, startedAt, after })).toString('base64url');
}

function resumed(token: unknown, keyPrefix: string): Slice {
  const slice = decoded(token);
  if (!isSlice(slice) || resumeToken(slice) !== token) {
    throw new BadPayload('payload.resume', token, '"next" of an earlier answer, unchanged', 'Begin again with a prefix: what is stored already stays as it is');
  }
  // The deployment may have got another keyPrefix since.
  checkedPrefix('payload.resume.prefix', slice.prefix, keyPrefix);
  return slice;
}

function decoded(token: unknown): Partial<Slice> | undefined {
  try {
    return JSON.parse(Buffer.from(token as string, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function isSlice(value: Partial<Slice> | null | undefined): value is Slice {
  return typeof value?.prefix === 'string' && isPerSecond(value.perSecond) && isTime(value.startedAt)
    && typeof value.after === 'string' && value.after.startsWith(value.prefix);
}

function isPerSecond(value: unknown): value is number {
  return Number.isInteger(value) && value as number >= 1 && value as number <= MAX_PER_SECOND;
}

function isTime(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value;
}

function checkedPrefix(path: string, prefix: unknown, keyPrefix: string): string {
  if (typeof prefix === 'string' && prefix.startsWith(keyPrefix)) return prefix;
  const within = keyPrefix ? `that starts with ${JSON.stringify(keyPrefix)}, the keyPrefix of this deployment` : 'such as "checkout/"';
  throw new BadPayload(path, prefix, `a text ${within}`, 'Leave it out for all log objects');
}

function membersOf(payload: unknown): Record<string, unknown> {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload as Record<string, unknown>;
  throw new BadPayload('payload', payload, 'an object', 'Send {} for all log objects, or {"prefix": "checkout/"} for some');
}

function refuseOthers(members: Record<string, unknown>, known: readonly string[], fix: string): void {
  const [[name, value] = []] = Object.entries(members);
  if (name === undefined) return;
  const expected = known.length > 0 ? `only ${known.join(', ')}` : 'nothing beside payload.resume';
  throw new BadPayload(`payload.${name}`, value, expected, fix);
}

/** What was sent, short enough to be told back. */
function quote(found: unknown): string {
  const text = JSON.stringify(found) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
