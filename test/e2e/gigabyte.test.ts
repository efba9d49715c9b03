import { run } from '../../tools/local-cloud/processes';
import { PROJECT_FOLDER } from '../../tools/local-cloud/state-folder';

/** It takes no local cloud, but too long for the unit tests. */
test('a gigabyte as one object and as 10,000: the same counts, extremes, last values and percentiles, and the same sums but for rounding', async () => {
  const output = await run(process.execPath, [require.resolve('tsx/cli'), 'bench/compare-gigabyte.ts'], { what: 'comparing', cwd: PROJECT_FOLDER });
  const { bytes, samples, objects, whole, split } = JSON.parse(output);
  expect({ isGigabyte: bytes > 1e9, objects }).toEqual({ isGigabyte: true, objects: 10_000 });
  let counted = 0;
  for (const stat of Object.keys(whole)) {
    whole[stat].forEach((answer: any, service: number) => {
      const { series, resolution } = split[stat][service];
      expect([resolution, series.length]).toEqual([stat === 'sum' ? 'hour' : 'day-sketch', 8]);
      answer.series.forEach(({ metric, summary, timestamps, values }: any, i: number) => {
        const { sum, ...exact } = summary;
        const { sum: otherSum, ...otherExact } = series[i].summary;
        // The average is of the sum.
        expect([series[i].metric, { ...otherExact, avg: 0 }, series[i].timestamps]).toEqual([metric, { ...exact, avg: 0 }, timestamps]);
        expect(Math.abs(otherSum / sum - 1)).toBeLessThan(1e-12);
        if (stat === 'sum') {
          counted += summary.count;
          values.forEach((value: number, day: number) => expect(Math.abs(series[i].values[day] / value - 1)).toBeLessThan(1e-12));
        } else {
          expect(series[i].values).toEqual(values);
        }
      });
    });
  }
  expect(counted).toBe(samples);
}, 900_000);
