import { eventOf, Harness } from './harness';
import { createApi } from '../../../lambda-src/metrics-api/app';

const HOUSE = 'https://dashboards.example.com';

/** What an answer to a page of an origin tells the browser. */
async function told(corsOrigins: string[] | undefined, origin: string | undefined, resource = '/health') {
  const { backend } = await Harness.start();
  const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin };
  const answer = await createApi({ ...backend, corsOrigins })(eventOf('GET', resource, { headers }));
  return { allowed: answer.headers!['access-control-allow-origin'], exposed: answer.headers!['access-control-expose-headers'], vary: answer.headers!.vary };
}

test('without origins nothing is said', async () => {
  expect(await told(undefined, HOUSE)).toEqual({ allowed: undefined, exposed: undefined, vary: undefined });
});

test('a page of an origin that is allowed may read the answer and the headers of ours; caches are told that it depends on the origin', async () => {
  expect(await told(['https://other.example.com', HOUSE], HOUSE)).toEqual({ allowed: HOUSE, exposed: expect.stringContaining('metrics-cursor'), vary: 'origin' });
});

test.each(['https://evil.example.com', `${HOUSE}.evil.example.com`, `${HOUSE}/`, 'null', '', undefined])('a page of the origin %p may not', async (origin) => {
  expect(await told([HOUSE], origin)).toEqual({ allowed: undefined, exposed: undefined, vary: 'origin' });
});

test('* allows all', async () => {
  expect(await told(['*'], 'https://anybody.example.com')).toMatchObject({ allowed: '*', vary: undefined });
});

test('refusals can be read too', async () => {
  expect(await told([HOUSE], HOUSE, '/nowhere')).toMatchObject({ allowed: HOUSE });
});
