import { ItemStore } from '../../../lambda-src/runbook-executor/item-store';
import { incidentKey } from '../../../lambda-src/shared/incident-items';
import { MemoryTable } from '../shared/memory-table';

test('items of many keys are read by the hundred, consistently; those that are not there are missing', async () => {
  const table = new MemoryTable();
  const asked: unknown[] = [];
  const send = async (command: any) => {
    const batch = command.input.RequestItems?.t;
    if (batch) asked.push([batch.Keys.length, batch.ConsistentRead]);
    return table.execute(command);
  };
  const store = new ItemStore({ send } as never, 't');
  const ids = Array.from({ length: 250 }, (_, i) => `incident-${i}`);
  for (const id of ids.slice(1)) await store.put(incidentKey(id), { id });
  const items = await store.getAll<{ id: string }>(ids.map(incidentKey));
  expect(items.map(({ id }) => id)).toEqual(ids.slice(1));
  expect(asked).toEqual([[100, true], [100, true], [50, true]]);
});
