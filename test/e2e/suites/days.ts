import { Environment } from '../environment';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const SERVICE = 'daily';
const METRIC = 'value';

/** Days that have ended: computed by the roller, and answered from there. */
export function days(deployed: () => Environment) {
  describe('days that have ended', () => {
    const today = Math.floor(Date.now() / DAY) * DAY;
    const [from, to] = [today - 3 * DAY, today - DAY];
    const samples = Array.from({ length: 96 }, (_, i) => ({ time: from + i * HOUR / 2, value: (i * 37) % 101 + 0.25 }));
    const range = `from=${from / 1000}&to=${to / 1000}`;
    const document = ({ time, value }: typeof samples[number]) => (
      { service: SERVICE, timestamp: new Date(time).toISOString(), metrics: { [METRIC]: value } });
    const ask = (query: string) => deployed().ask(`metrics?${range}&service=${SERVICE}&${query}`);

    test('are read from their samples until the roller has computed them, and then from their items, with the same answers', async () => {
      const environment = deployed();
      const { MetricsTableName, DayRollerFunctionName } = environment.outputs;
      await environment.putLog('daily/a.json', samples.map(document));
      await environment.samplesBecome(SERVICE, METRIC, samples.map(({ value }) => value), range);
      const questions = ['stat=avg&step=1h', 'stat=sum&step=6h', 'stat=max&step=1d', 'stat=count&step=1d'];
      const before = await Promise.all(questions.map(ask));
      expect(before.map(({ json }) => json.resolution)).toEqual(questions.map(() => 'raw'));

      // The roller leaves young markers alone.
      await environment.invoke(DayRollerFunctionName);
      const markers = await environment.items(MetricsTableName, `M#${SERVICE}`);
      expect(markers.map(({ sk }) => sk)).toEqual([from, from + DAY].map((day) => new Date(day).toISOString().slice(0, 10)));
      for (const { pk, sk, id } of markers) await environment.putItem(MetricsTableName, { pk: { S: pk }, sk: { S: sk }, id: { S: id }, at: { N: '0' } });
      await environment.invoke(DayRollerFunctionName);
      expect(await environment.items(MetricsTableName, `M#${SERVICE}`)).toEqual([]);

      const after = await Promise.all(questions.map(ask));
      expect(after.map(({ json }) => json.resolution)).toEqual(questions.map(() => 'hour'));
      const withoutResolution = (answers: typeof before) => answers.map(({ json: { resolution: _, ...json } }) => json);
      expect(withoutResolution(after)).toEqual(withoutResolution(before));

      const { json } = await ask('stat=p50&step=1d');
      expect(json.resolution).toBe('day-sketch');
      [0, 1].forEach((day) => {
        const sorted = samples.slice(48 * day, 48 * (day + 1)).map(({ value }) => value).sort((a, b) => a - b);
        expect(Math.abs(json.series[0].values[day] / sorted[23] - 1)).toBeLessThan(0.011);
      });
    });

    test('late samples mark the day, and are in the answer at once', async () => {
      const environment = deployed();
      const late = { time: from + HOUR / 4, value: 1_000 };
      await environment.putLog('daily/late.json', [document(late)]);
      await environment.samplesBecome(SERVICE, METRIC, [samples[0].value, late.value, ...samples.slice(1).map(({ value }) => value)], range);
      const { json } = await ask('stat=max&step=1d');
      expect(json.series[0].values[0]).toBe(1_000);
      expect((await environment.items(environment.outputs.MetricsTableName, `M#${SERVICE}`)).map(({ sk }) => sk)).toEqual([new Date(from).toISOString().slice(0, 10)]);
    });
  });
}
