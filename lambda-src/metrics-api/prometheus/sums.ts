/** Sums that keep what each addition rounds away (Kahan's, as Neumaier improved it), step by step as Prometheus's are. */
export class Sum {
  public sum = 0;
  public rest = 0;

  public add(value: number): void {
    const total = this.sum + value;
    if (total === Infinity || total === -Infinity) this.rest = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.rest += (this.sum - total) + value;
    else this.rest += (value - total) + this.sum;
    this.sum = total;
  }

  public get total(): number {
    return this.sum + this.rest;
  }
}

export function sumOf(values: Float64Array, start: number, end: number): number {
  const sum = new Sum();
  for (let i = start; i < end; i++) sum.add(values[i]);
  return sum.total;
}

/** The mean; where the sum is beyond what a number can be, it goes on from the mean of those before. */
export function meanOf(values: Float64Array, start: number, end: number): number {
  const sum = new Sum();
  sum.sum = values[start];
  let count = 1;
  let i = start + 1;
  for (; i < end; i++) {
    const { sum: sumBefore, rest: restBefore } = sum;
    sum.add(values[i]);
    if (sum.sum === Infinity || sum.sum === -Infinity) {
      sum.sum = sumBefore / count;
      sum.rest = restBefore / count;
      break;
    }
    count += 1;
  }
  if (i === end) return sum.sum / count + sum.rest / count;
  for (; i < end; i++) {
    count += 1;
    const share = (count - 1) / count;
    sum.sum *= share;
    sum.rest *= share;
    sum.add(values[i] / count);
  }
  return sum.total;
}

/** The quantile between two neighbours where it falls between them. Not a number counts as the least. */
export function quantileOf(quantile: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const sorted = new Float64Array(values).sort();
  const numbers = sorted.findIndex(Number.isNaN);
  const none = numbers < 0 ? 0 : sorted.length - numbers;
  const at = (rank: number) => (rank < none ? NaN : sorted[rank - none]);
  const rank = quantile * (sorted.length - 1);
  const lower = Math.floor(rank);
  const weight = rank - lower;
  return weight === 0 ? at(lower) : at(lower) * (1 - weight) + at(Math.min(lower + 1, sorted.length - 1)) * weight;
}
