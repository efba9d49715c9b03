/**
 * The k that come last by an order, found by a heap of k whose top comes first.
 *
 * Which of equals are kept follows from how the heap is kept, and so is done in the very steps in which Prometheus does it.
 */
export class Heap<T> {
  public readonly items: T[] = [];
  /** How many places its items have moved by, up or down. */
  public moves = 0;

  public constructor(private readonly size: number, private readonly before: (a: T, b: T) => boolean) {}

  /** @param beats whether the item takes the place of the top of a full heap */
  public offer(item: T, beats: (top: T, item: T) => boolean): void {
    if (this.items.length < this.size) {
      this.items.push(item);
      this.rise();
    } else if (beats(this.items[0], item)) {
      this.items[0] = item;
      this.sink();
    }
  }

  private rise(): void {
    for (let place = this.items.length - 1; place > 0;) {
      const parent = Math.floor((place - 1) / 2);
      if (!this.before(this.items[place], this.items[parent])) return;
      this.swap(place, parent);
      place = parent;
    }
  }

  private sink(): void {
    for (let place = 0, left = 1; left < this.items.length; left = 2 * place + 1) {
      const right = left + 1;
      const child = right < this.items.length && this.before(this.items[right], this.items[left]) ? right : left;
      if (!this.before(this.items[child], this.items[place])) return;
      this.swap(place, child);
      place = child;
    }
  }

  private swap(a: number, b: number): void {
    this.moves += 1;
    const item = this.items[a];
    this.items[a] = this.items[b];
    this.items[b] = item;
  }
}
