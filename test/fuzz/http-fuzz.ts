import { connect } from 'node:net';
import type { Random } from './random.ts';

/** A request in parts that can be spoilt one by one. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** What came back. */
export interface FuzzAnswer {
  /** Undefined where the server only closed the connection. */
  readonly status: number | undefined;
  readonly ms: number;
  readonly isHung: boolean;
}

/** A hang is counted in ticks, so that a machine that stalls as a whole is not taken for one. */
const TICK_MS = 100;
const TICKS_OF_A_HANG = 10;

const QUERIES: readonly unknown[] = [
  { query: '{ __typename }' },
  { query: '{ webhooks(first: 3) { nodes { id url status } pageInfo { endCursor hasNextPage } } }' },
  { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id: 'V2ViaG9vazpQRVJTT05JTzox' } },
  { query: 'query A { webhookProviders { name } } query B { __typename }', operationName: 'A' },
  {
    query: 'query ($f: WebhookFilter, $a: String) { webhooks(filter: $f, after: $a) { edges { cursor } } }',
    variables: { f: { status: 'ENABLED' }, a: 'eyJ2IjoxfQ' },
  },
  {
    query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Webhook { id } } }',
    variables: { r: [{ __typename: 'Webhook', providerKey: 'personio:1' }] },
  },
  {
    query: 'mutation ($i: UpdateWebhookInput!) { updateWebhook(input: $i) { webhookId } }',
    variables: { i: { id: 'V2ViaG9vazpQRVJTT05JTzox', authentication: { token: 'Bearer x' } } },
  },
  {
    query:
      'mutation { createWebhook(input: { trulayer: { url: "https://example.com/", secret: "0123456789abcdef" } }) { webhookId } }',
  },
  {
    query:
      'mutation ($p: JSONObject) { sendTestEvent(input: { webhookId: "x", eventName: "person.updated", payload: $p }) { delivery { isDelivered } } }',
    variables: { p: { person: { id: '1' } } },
  },
  {
    extensions: {
      persistedQuery: { version: 1, sha256Hash: 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38' },
    },
  },
];

/** Texts that have broken parsers before. */
const NASTY: readonly string[] = [
  '',
  '\0',
  '\r\n',
  '\r\nx-injected: 1',
  '%00',
  '%',
  '%E0%A4%A',
  '%2e%2e%2f',
  '../../etc/passwd',
  '{',
  '[',
  '"',
  '\\',
  '\ud800',
  '\u202e',
  '\ufeff',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '1e999',
  'NaN',
  '9007199254740993',
  '{"__proto__":{"x":1}}',
  '[[[[[[[[[[',
  '{{{{{{{{{{',
  'é',
  '💥',
  '<script>',
  "' OR 1=1 --",
  `$\{7*7}`,
  '#',
  '"""',
  '...',
  '@include(if: true)',
  'a'.repeat(5_000),
  '['.repeat(3_000),
  '{a'.repeat(3_000),
  '\t',
  ',',
  ';',
  '*/*',
];
const HEADER_NAMES: readonly string[] = [
  'content-type',
  'accept',
  'host',
  'content-length',
  'transfer-encoding',
  'content-encoding',
  'authorization',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-hookgraph-cost',
  'x-hookgraph-csrf',
  'x-personio-authorization',
  'x-trulayer-authorization',
  'origin',
  'cookie',
  'expect',
  'upgrade',
  'connection',
  'range',
  'if-none-match',
  'x-http-method-override',
  'traceparent',
  'te',
  'access-control-request-method',
];
const HEADER_VALUES: readonly string[] = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
  'multipart/form-data; boundary=b',
  'application/x-www-form-urlencoded',
  'application/graphql',
  'text/plain',
  'text/html',
  'application/json; charset=utf-16',
  'gzip',
  'chunked',
  '100-continue',
  'websocket',
  'close',
  'localhost',
  'evil.example',
  '0',
  '-1',
  '99999999999',
];
const METHODS: readonly string[] = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'get',
  'QUERY',
  '',
];
const PATHS: readonly string[] = [
  '/graphql',
  '/graphql/',
  '/',
  '/health',
  '/ready',
  '//graphql',
  '/graphql?',
  '/graphql#x',
  '*',
  'http://evil.example/graphql',
  '/%',
  '/graphql?query=%',
  '/metrics',
  '',
];

/** A request that is well formed, apart from one to four places. */
export function spoiltRequest(random: Random): { readonly bytes: Buffer; readonly isWhole: boolean } {
  let request = wellFormed(random);
  for (let left = 1 + random.whole(4); left > 0; left--) request = random.pick(SPOILERS)(request, random);
  const { method, path, headers, body } = request;
  const hasLength = headers.some(([name]) => /^(content-length|transfer-encoding|expect|upgrade)$/i.test(name));
  const all = hasLength ? headers : [...headers, ['content-length', String(body.length)] as const];
  const head = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  let bytes = Buffer.concat([Buffer.from(head, 'latin1'), body]);
  const isCut = random.chance(0.05);
  if (isCut) bytes = bytes.subarray(0, random.whole(bytes.length));
  // Line breaks in a header or path make two requests of one, or half of one.
  const isWhole = !isCut && !hasLength && !/[\r\n]/.test(path + method + all.flat().join(''));
  return { bytes, isWhole };
}

function wellFormed(random: Random): Request {
  const body = random.pick(QUERIES);
  const host = ['host', 'localhost'] as const;
  const parameters = () =>
    Object.entries(body as object)
      .map(
        ([name, value]) => `${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
      )
      .join('&');
  const kind = random.number();
  if (kind < 0.2) return { method: 'GET', path: `/graphql?${parameters()}`, headers: [host], body: Buffer.alloc(0) };
  if (kind < 0.3) {
    const headers = [host, ['content-type', 'application/x-www-form-urlencoded'], ['x-hookgraph-csrf', '1']] as const;
    return { method: 'POST', path: '/graphql', headers, body: Buffer.from(parameters()) };
  }
  const headers = [host, ['content-type', 'application/json']] as const;
  return { method: 'POST', path: '/graphql', headers, body: Buffer.from(JSON.stringify(body)) };
}

type Spoiler = (request: Request, random: Random) => Request;

const SPOILERS: readonly Spoiler[] = [
  (request, random) => ({ ...request, method: random.pick(METHODS) }),
  (request, random) => ({
    ...request,
    path: random.chance(0.5) ? random.pick(PATHS) : spoiltText(request.path, random).replaceAll(' ', '+'),
  }),
  (request, random) => ({
    ...request,
    headers: [...request.headers, [random.pick(HEADER_NAMES), random.pick(random.chance(0.6) ? HEADER_VALUES : NASTY)]],
  }),
  (request, random) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [name, random.chance(0.5) ? value : random.pick(HEADER_VALUES)]),
  }),
  (request, random) => ({ ...request, headers: request.headers.filter(() => random.chance(0.5)) }),
  (request, random) => ({ ...request, body: Buffer.from(spoiltText(request.body.toString(), random)) }),
  (request, random) => ({ ...request, body: spoiltBytes(request.body, random) }),
  spoiltJson,
  spoiltJson,
  spoiltJson,
];

function spoiltText(text: string, random: Random): string {
  const at = random.whole(text.length + 1);
  const end = Math.min(text.length, at + random.whole(12));
  const piece = random.pick([NASTY, NASTY, [text.slice(at, end)], ['']] as const);
  const inserted = random.pick(piece);
  return random.chance(0.5)
    ? text.slice(0, at) + inserted + text.slice(at)
    : text.slice(0, at) + inserted + text.slice(end);
}

function spoiltBytes(body: Buffer, random: Random): Buffer {
  const copy = Buffer.from(body);
  for (let left = 1 + random.whole(5); left > 0 && copy.length > 0; left--)
    copy[random.whole(copy.length)] = random.whole(256);
  return copy;
}

/** Puts something else in the place of any member of the body, however deep. */
function spoiltJson(request: Request, random: Random): Request {
  try {
    const value: unknown = JSON.parse(request.body.toString());
    return { ...request, body: Buffer.from(JSON.stringify(spoiltValue(value, random)) ?? '') };
  } catch {
    return request;
  }
}

function spoiltValue(value: unknown, random: Random): unknown {
  const isBranch = typeof value === 'object' && value !== null;
  if (!isBranch || random.chance(0.2)) {
    if (typeof value === 'string' && random.chance(0.6)) return spoiltText(value, random);
    return random.pick<unknown>([
      null,
      0,
      -1,
      1e308,
      true,
      '',
      [],
      {},
      [[]],
      [null],
      { a: 1 },
      random.pick(NASTY),
      deep(random.whole(2_000)),
      value,
    ]);
  }
  const entries = Object.entries(value);
  const chosen = random.whole(entries.length);
  const changed = entries.map(([name, member], index) => {
    if (index !== chosen) return [name, member] as const;
    return [random.chance(0.1) ? random.pick(NASTY) : name, spoiltValue(member, random)] as const;
  });
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let left = levels; left > 0; left--) value = left % 2 === 0 ? [value] : { a: value };
  return value;
}

/** Sends bytes as they are, and waits for the status line, the end of the connection, or a second. */
export function sendBytes(port: number, { bytes, isWhole }: ReturnType<typeof spoiltRequest>): Promise<FuzzAnswer> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = connect({ host: '127.0.0.1', port });
    let received = '';
    const finish = (isHung: boolean) => {
      clearInterval(timer);
      socket.destroy();
      const [, status] = /^HTTP\/1\.1 (?:100 Continue\r\n\r\nHTTP\/1\.1 )?(\d{3})/.exec(received) ?? [];
      resolve({ status: status === undefined ? undefined : Number(status), ms: performance.now() - startedAt, isHung });
    };
    // Who sends half a request may be made to wait for as long as the connection stands.
    let ticks = 0;
    const timer = setInterval(
      () => {
        if (!isWhole || ++ticks >= TICKS_OF_A_HANG) finish(isWhole);
      },
      isWhole ? TICK_MS : 50,
    );
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (/^HTTP\/1\.1 (?!100)\d{3}/.test(received)) finish(false);
    });
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.write(bytes);
  });
}
