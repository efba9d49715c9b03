import { log } from '../../../lambda-src/shared/log';

test.each(['info', 'warn', 'error'] as const)('%s: one object, of which alone Lambda makes fields', (level) => {
  const told = jest.spyOn(console, level).mockReturnValue();
  const error = new Error('away');
  log[level]('parts cannot be read', { unreadable: ['a'], error });
  log[level]('done');
  expect(told.mock.calls).toEqual([[{ message: 'parts cannot be read', unreadable: ['a'], error }], [{ message: 'done' }]]);
});
