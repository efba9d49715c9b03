import { batchGet } from '../../../lambda-src/shared/batch-get';
import { incidentKey } from '../../../lambda-src/shared/incident-items';

afterEach(() => jest.restoreAllMocks());

describe('a table that is busy', () => {
  const keys = ['a', 'b', 'c'].map(incidentKey);
  const items = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
  /** Gives one item a call, or none, and leaves the rest. */
  const busy = (gives: number) => {
    const asked: number[] = [];
    const send = async ({ input: { RequestItems: { t } } }: any) => {
      asked.push(t.Keys.length);
      const left = t.Keys.slice(gives);
      return { Responses: { t: t.Keys.slice(0, gives) }, UnprocessedKeys: left.length > 0 ? { t: { ...t, Keys: left } } : {} };
    };
    return { asked, table: { client: { send } as never, table: 't' } };
  };
  beforeEach(() => { jest.spyOn(global, 'setTimeout').mockImplementation(((then: () => void) => then()) as never); });

  test('is asked again for what it left', async () => {
    const { asked, table } = busy(1);
    expect(await batchGet(table, keys)).toEqual(items);
    expect(asked).toEqual([3, 2, 1]);
  });

  test('is given up after some attempts', async () => {
    const { asked, table } = busy(0);
    await expect(batchGet(table, keys)).rejects.toThrow('t: 3 of 3 items were not given in 6 attempts; the table is throttled');
    expect(asked).toHaveLength(6);
  });

  test('is not asked for nothing', async () => {
    expect(await batchGet(busy(0).table, [])).toEqual([]);
  });
});
