import type { Look } from './port';
import type { Evidence, EvidenceKind, EvidenceStatus, NotChecked } from '../../../src/private/shared/contract';

/** An evidence item whose data is known to be `T`. */
export interface Item<T> extends Evidence {
  readonly data?: T;
}

/** What is told about a look that is being turned into evidence. */
export interface Entry<S, T> {
  /** Unique in the run, and stable: rules and replay find the item by it. Such as `api.5xx`, `fn.orders-fn.errors`. */
  readonly id: string;
  readonly kind: EvidenceKind;
  /** What was looked at, such as `errors of orders-fn`: begins the summary, and names the item where it was not checked. */
  readonly what: string;
  readonly look: Look<S>;
  /** JSON to keep, from what was seen; must be redacted already. */
  readonly data?: (seen: S) => T;
  /** What to keep where nothing was seen. */
  readonly unseen?: T;
  /** One clause about what was seen. */
  readonly says: (seen: S) => string;
  readonly link?: string;
  /** How to make the look possible, where the default words do not help. */
  readonly fix?: string;
}

/** Collects the evidence of one run. What was added stays, also when the deadline ends the run. */
export class EvidenceBuilder {
  readonly items: Evidence[] = [];
  readonly notChecked: NotChecked[] = [];

  add<S, T = S>(entry: Entry<S, T>): Item<T> {
    const { id, kind, what, look, link } = entry;
    const seen = look.data;
    const data = seen === undefined ? entry.unseen : (entry.data ?? ((same: S) => same as unknown as T))(seen);
    const told = seen === undefined ? reasonOf(look) : entry.says(seen);
    const item: Item<T> = {
      id, kind, status: look.status, summary: `${capital(what)}: ${told}.`, ...(link && { link }), ...(data !== undefined && { data }),
    };
    this.items.push(item);
    if (isUnchecked(look.status)) this.notChecked.push({ what, status: look.status, fix: entry.fix ?? fixOf(look) });
    return item;
  }
}

/** The evidence of a run, as rules read it: new or stored, it is the same. */
export class EvidenceSet {
  constructor(readonly items: readonly Evidence[]) {}

  get<T>(id: string): Item<T> | undefined {
    return this.items.find((item) => item.id === id) as Item<T> | undefined;
  }

  /** The data of an item, if there is any. */
  data<T>(id: string): T | undefined {
    return this.get<T>(id)?.data;
  }

  /** Items whose id begins with `prefix`, such as `logs.`. */
  under<T>(prefix: string): Item<T>[] {
    return this.items.filter((item) => item.id.startsWith(prefix)) as Item<T>[];
  }
}

/** Statuses that leave something open. NO_DATA does not: the question was asked and answered. */
function isUnchecked(status: EvidenceStatus): boolean {
  return status !== 'OK' && status !== 'NO_DATA';
}

function reasonOf(look: Look<unknown>): string {
  switch (look.status) {
    case 'NO_DATA': return 'no data';
    case 'INCOMPLETE': return 'not all there yet';
    case 'NOT_CONFIGURED': return look.reason ?? 'not switched on';
    case 'ACCESS_DENIED': return `access denied (${look.action ?? 'action unknown'})`;
    case 'NOT_AVAILABLE': return look.reason ?? 'not available here';
    case 'TIMED_OUT': return 'no answer in time';
    default: return `could not be read (${look.reason ?? 'unknown error'})`;
  }
}

function fixOf(look: Look<unknown>): string {
  switch (look.status) {
    case 'ACCESS_DENIED': return `Allow ${look.action ?? 'the refused action'} for the runbook's role.`;
    case 'INCOMPLETE': return 'The source is a few minutes late; the second look asks again.';
    case 'TIMED_OUT': return 'Look by hand, or give the runbook a longer timeout.';
    case 'NOT_CONFIGURED': return look.reason ?? 'Switch it on for this resource.';
    default: return look.reason ?? 'Look by hand.';
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
