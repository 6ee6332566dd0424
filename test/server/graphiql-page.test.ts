import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openSandboxGateway } from '../support/gateway.ts';

const loads = vi.hoisted(() => ({ count: 0 }));
vi.mock('@graphql-yoga/render-graphiql', (importOriginal) => {
  loads.count += 1;
  return importOriginal();
});

let opened: Awaited<ReturnType<typeof openSandboxGateway>>;
beforeAll(async () => {
  opened = await openSandboxGateway();
});
afterAll(() => opened.close());

function visit(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
  return opened.gateway.fetch(
    new Request(`http://localhost${path}`, { headers: { accept, host: 'localhost', ...headers } }),
  );
}

test('its 9 MB are loaded by the first visit, not by the start or an operation, and once', async () => {
  await opened.query('{ webhookProviders { name } }');
  expect(loads.count).toBe(0);
  await Promise.all([visit('/graphql'), visit('/graphql')]);
  await visit('/graphql');
  expect(loads.count).toBe(1);
});

test('it is sent compressed to whoever takes that', async () => {
  const compressed = await visit('/graphql', { 'accept-encoding': 'gzip, deflate, br' });
  const plain = await visit('/graphql');
  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(plain.headers.get('content-encoding')).toBeNull();
  const bytes = new Uint8Array(await compressed.arrayBuffer());
  expect(bytes.length).toBeLessThan(3_500_000);
  expect(gunzipSync(bytes).toString() === (await plain.text())).toBe(true);
});

test('a second visit costs a 304 without a body', async () => {
  const etag = (await visit('/graphql')).headers.get('etag') ?? '';
  const again = await visit('/graphql', { 'if-none-match': etag });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
});

test('its policy allows the scripts in the page by their hashes, and nothing of another host', async () => {
  const policy = (await visit('/graphql')).headers.get('content-security-policy') ?? '';
  const directives = new Map(policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)]));
  expect(directives.get('default-src')).toEqual(["'none'"]);
  expect(directives.get('script-src')?.filter((source) => !/^'sha256-[\w+/]{43}='$/.test(source))).toEqual([]);
  expect(directives.get('connect-src')).toEqual(["'self'"]);
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
});

test('a reload while a query is edited, which is in the address then, shows the page again', async () => {
  const response = await visit(`/graphql?query=${encodeURIComponent('{ webhookProviders { name } }')}`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
});

test.each(['text/html;q=0', 'application/json, text/html; q=0.0', 'text/html;q=0, */*'])(
  'a client that accepts %s is no browser',
  async (accept) => {
    for (const path of ['/graphql?query={__typename}', '/']) {
      const response = await visit(path, { accept });
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('location')).toBeNull();
    }
  },
);

test('the root leads a browser to it', async () => {
  const response = await visit('/');
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/graphql');
});
