import { get } from 'node:http';
import { expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS as ids } from '../../src/sandbox/personio/seeded-webhooks.ts';
import { connectPersonio, openSandbox } from './sandbox-client.ts';

const ping = (id: string) => `/v2/webhooks/${id}/ping`;

test('the log is JSON, newest first, with what was answered', async () => {
  const { sandbox } = await openSandbox();
  const client = await connectPersonio(sandbox);
  await client.call('POST', ping(ids.healthy));
  await client.call('POST', ping(ids.failing));
  const response = await fetch(`${sandbox.receiver.baseUrl}/deliveries`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual([
    expect.objectContaining({ host: 'fail.receiver.example', path: '/badges', status: 500 }),
    expect.objectContaining({
      receivedAt: '2026-11-21T12:00:00.000Z',
      host: 'ok.receiver.example',
      path: '/hr-sync/people',
      method: 'POST',
      status: 200,
      headers: expect.objectContaining({ authorization: 'Bearer sandbox-delivery-token' }),
      body: expect.stringContaining('"event_name":"ping"'),
    }),
  ]);
});

test('the log is cut by limit and by path', async () => {
  const { sandbox } = await openSandbox();
  const client = await connectPersonio(sandbox);
  for (const id of [ids.healthy, ids.failing, ids.healthy]) await client.call('POST', ping(id));
  const read = async (query: string) => (await fetch(`${sandbox.receiver.baseUrl}/deliveries?${query}`)).json();
  expect(await read('limit=1')).toHaveLength(1);
  expect(await read('path=/badges')).toHaveLength(1);
  expect(await read('path=/nothing')).toEqual([]);
  expect((await fetch(`${sandbox.receiver.baseUrl}/deliveries?limit=0`)).status).toBe(400);
});

test('the page shows the deliveries, escaped and without scripts, and loads itself again', async () => {
  const { sandbox } = await openSandbox();
  const client = await connectPersonio(sandbox);
  await client.call('PATCH', `/v2/webhooks/${ids.healthy}`, { token: '<script>alert(1)</script>' });
  await client.call('POST', ping(ids.healthy));
  const response = await fetch(`${sandbox.receiver.baseUrl}/`);
  const page = await response.text();
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'");
  expect(page).toContain('<meta http-equiv="refresh"');
  expect(page).toContain('Shown are the newest 1 of the 1 that are kept;');
  expect(page).toContain('POST ok.receiver.example/hr-sync/people → 200');
  expect(page).toContain('authorization: &#60;script&#62;alert(1)');
  expect(page).not.toContain('<script');
  expect(page).toContain('<code>hang.receiver.example</code>');
});

test('the page says what to do while nothing has arrived', async () => {
  const { sandbox } = await openSandbox();
  expect(await (await fetch(sandbox.receiver.baseUrl)).text()).toContain('Nothing has arrived yet');
  expect((await fetch(`${sandbox.receiver.baseUrl}/favicon.ico`)).status).toBe(404);
});

test('the last 500 are kept, of which the page shows a hundred', async () => {
  const { sandbox } = await openSandbox();
  const post = (index: number) => fetch(`${sandbox.receiver.baseUrl}/hook/${index}`, { method: 'POST', body: '{}' });
  for (let index = 0; index < 502; index += 1) await post(index);
  expect(sandbox.receiver.deliveries).toHaveLength(500);
  expect(sandbox.receiver.deliveries.at(-1)?.path).toBe('/hook/2');
  const page = await (await fetch(sandbox.receiver.baseUrl)).text();
  expect(page).toContain('Shown are the newest 100 of the 500 that are kept;');
  expect(page.match(/<article>/g)).toHaveLength(100);
});

test('a foreign host name never sees the log: its GET is a delivery like any other', async () => {
  const { sandbox } = await openSandbox();
  const { port } = new URL(sandbox.receiver.baseUrl);
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/deliveries', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject);
    });
  expect(await ask('gone.receiver.example')).toBe(410);
  expect(await ask('127.0.0.1.rebound.example')).toBe(200);
  expect(sandbox.receiver.deliveries.map(({ host }) => host)).toEqual([
    '127.0.0.1.rebound.example',
    'gone.receiver.example',
  ]);
});
