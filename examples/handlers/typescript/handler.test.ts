import { readdirSync, readFileSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ask, askPage, investigate } from './handler';

const CASES = join(__dirname, '..', 'cases');
const names = readdirSync(CASES).map((file) => file.replace('.json', ''));

test.each(names)('case %s', async (name) => {
  const { now, statusPage, request, result } = JSON.parse(readFileSync(join(CASES, `${name}.json`), 'utf8'));
  let clock = Date.parse(now);
  const ask: Ask = async (url, milliseconds) => {
    // A case without a page is one where nothing may be asked.
    expect([url, milliseconds]).toEqual([request.runbook.parameters.statusPage, statusPage?.waitsMs]);
    clock += statusPage.takesMs;
    if (statusPage.timesOut) throw new DOMException('', 'TimeoutError');
    if (statusPage.fails) throw new TypeError('fetch failed', { cause: new Error(statusPage.fails) });
    return statusPage.status;
  };
  expect(await investigate(request, ask, () => clock)).toEqual(result);
});

describe('asking a real page, on this machine', () => {
  let server: Server;
  const page = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  beforeAll(async () => {
    server = createServer(({ url }, response) => { if (url !== '/hangs') response.writeHead(503).end('down'); });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('its status', async () => expect(await askPage(page('/'), 5_000)).toBe(503));
  test('no answer in time', async () => expect(askPage(page('/hangs'), 50)).rejects.toMatchObject({ name: 'TimeoutError' }));
  test('nobody there', async () => expect(askPage('http://127.0.0.1:2/', 5_000)).rejects.toThrow('fetch failed'));
});
