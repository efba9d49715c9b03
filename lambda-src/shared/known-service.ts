import type { DaysSeen } from './items';

/**
 * An entry of the catalogue: days on which each of its names was seen. It is the entry of one metric, whose name is its key, or the group of
 * the metrics that were first seen together.
 */
export interface CatalogueItem {
  /** Its sort key. */
  readonly key: string;
  readonly names: readonly string[];
  readonly days: DaysSeen;
}

/** What is known to be in the catalogue of one service: of each name, what its own entry and its groups say together. */
export class KnownService {
  private readonly items = new Map<string, CatalogueItem>();
  private readonly keys = new Map<string, string[]>();

  /** How many names are known. */
  public get size(): number {
    return this.keys.size;
  }

  public get names(): string[] {
    return [...this.keys.keys()];
  }

  public has(name: string): boolean {
    return this.keys.has(name);
  }

  /** Takes what an item says; what was known of it before still holds. */
  public add(item: CatalogueItem): void {
    const known = this.items.get(item.key);
    this.items.set(item.key, known ? { ...known, days: widened(known.days, item.days) } : item);
    if (known) return;
    for (const name of item.names) {
      const keys = this.keys.get(name);
      if (keys) keys.push(item.key);
      else this.keys.set(name, [item.key]);
    }
  }

  public item(key: string): CatalogueItem | undefined {
    return this.items.get(key);
  }

  /** The items that a name is in: several groups only where workers saw it first at the same time. */
  public itemsOf(name: string): CatalogueItem[] {
    return (this.keys.get(name) ?? []).map((key) => this.items.get(key)!);
  }

  public daysOf(name: string): DaysSeen | undefined {
    const keys = this.keys.get(name);
    return keys?.map((key) => this.items.get(key)!.days).reduce(widened);
  }
}

export function widened(a: DaysSeen, b: DaysSeen): DaysSeen {
  return { first: a.first < b.first ? a.first : b.first, last: a.last > b.last ? a.last : b.last };
}

export function covers(known: DaysSeen, days: DaysSeen): boolean {
  return known.first <= days.first && days.last <= known.last;
}
