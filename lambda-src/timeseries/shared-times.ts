/* eslint-disable no-bitwise -- hashing is what keeps the comparing short */

export interface SharedColumns {
  /** For each column, which of the distinct ones it is. */
  readonly distinct: readonly number[];
  /** For each distinct column, the first that is it. */
  readonly firsts: readonly number[];
}

/**
 * Finds which of some columns are the same, bit by bit. They lie one after the other: `ends[i]` is where column i ends.
 *
 * The metrics of a line share their times, so each column is compared with the one met last. Only where they differ is it looked
 * up by its hash: comparing all with all would take the square of their number where every metric has times of its own.
 */
export function shareColumns(columns: number, ends: ArrayLike<number>, numbers: Float64Array): SharedColumns {
  const distinct: number[] = [];
  const firsts: number[] = [];
  const byHash = new Map<number, number[]>();
  const isSame = (column: number, other: number) => {
    const from = startOf(ends, column);
    const otherFrom = startOf(ends, other);
    const length = ends[column] - from;
    if (ends[other] - otherFrom !== length) return false;
    for (let i = 0; i < length; i++) if (!Object.is(numbers[from + i], numbers[otherFrom + i])) return false;
    return true;
  };
  for (let column = 0; column < columns; column++) {
    let found: number | undefined = column === 0 ? undefined : distinct[column - 1];
    if (found === undefined || !isSame(column, firsts[found])) {
      const hash = hashOf(numbers, startOf(ends, column), ends[column]);
      const candidates = byHash.get(hash) ?? [];
      byHash.set(hash, candidates);
      found = candidates.find((candidate) => isSame(column, firsts[candidate]));
      if (found === undefined) candidates.push(found = firsts.push(column) - 1);
    }
    distinct.push(found);
  }
  return { distinct, firsts };
}

export function startOf(ends: ArrayLike<number>, column: number): number {
  return column === 0 ? 0 : ends[column - 1];
}

/** Of the lower 32 bits of the numbers' whole parts, in which times differ. */
function hashOf(numbers: Float64Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i++) hash = Math.imul((hash << 5 | hash >>> 27) ^ numbers[i], 0x9e3779b1);
  return hash;
}
