import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { bearer, READ_KEY, TEST_KEY, WITH_KEYS } from '../../support/callers.ts';
import { answer, startFaultUpstream, until } from '../../support/fault-upstream.ts';
import { listenWithStubs } from '../../support/listening-gateway.ts';
import type { StreamMessage } from '../../support/sse-stream.ts';
import { globalId } from '../../support/stub-gateway.ts';
import type { UpstreamReply, UpstreamRequest } from '../../support/stub-upstream.ts';
import { createTailLog, type TailLog } from '../../support/tail-log.ts';
import { edgeOf, numbersOf, openTail, upTo, WEBHOOK } from './live-tail.ts';

const FAST = { TAIL_POLL_MS: '2' };

async function listenWithLog(
  log: TailLog,
  {
    environment = {},
    meddle,
  }: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly meddle?: (request: UpstreamRequest) => UpstreamReply | Promise<UpstreamReply> | undefined;
  } = {},
) {
  return listenWithStubs({
    personio: (request) => meddle?.(request) ?? log.answer(request),
    environment: { ...FAST, ...environment },
  });
}

describe('a live tail', () => {
  test('begins with what appears after it was opened', async () => {
    const log = createTailLog();
    log.add(Date.now() - 1_000, 1);
    const { url } = await listenWithLog(log);
    const tail = await openTail(url);
    log.add(Date.now(), 2);
    log.add(Date.now(), 3);
    expect(numbersOf(await tail.received(2))).toEqual([2, 3]);
  });

  test('begins with what was completed at `since`, inclusive', async () => {
    const log = createTailLog();
    const sinceMs = Date.now() - 3_600_000;
    for (const number of upTo(5)) log.add(sinceMs + (number - 3) * 1_000, number);
    const { url } = await listenWithLog(log);
    const tail = await openTail(url, { since: new Date(sinceMs).toISOString() });
    expect(numbersOf(await tail.received(3))).toEqual([3, 4, 5]);
    log.add(Date.now(), 6);
    expect(numbersOf(await tail.received(4))).toEqual([3, 4, 5, 6]);
  });

  test('begins at a `since` of a provider whose clock is ahead of the gateway, inclusive', async () => {
    const log = createTailLog();
    const sinceMs = Date.now() + 30_000;
    for (const number of upTo(5)) log.add(sinceMs + (number - 3) * 1_000, number);
    const { url } = await listenWithLog(log);
    const tail = await openTail(url, { since: new Date(sinceMs).toISOString() });
    expect(numbersOf(await tail.received(3))).toEqual([3, 4, 5]);
    log.add(sinceMs - 1, 6);
    log.add(sinceMs + 3_000, 7);
    expect(numbersOf(await tail.received(4))).toEqual([3, 4, 5, 7]);
  });

  test('delivers 1,000 in bursts of equal timestamps exactly once and in order, through failures and reconnects', async () => {
    const log = createTailLog();
    const faults: UpstreamReply[] = [];
    const startMs = Date.now();
    const { url, personio } = await listenWithLog(log, { meddle: () => faults.shift() });
    let tail = await openTail(url);
    const got: number[] = [];
    let number = 0;
    for (let burst = 0; burst < 10; burst += 1) {
      if (burst === 3) faults.push({ status: 503, body: {} }, { status: 502, body: 'gateway' });
      if (burst === 5) faults.push({ status: 429, headers: { 'retry-after': '0' }, body: {} });
      for (let each = 0; each < 100; each += 1) log.add(startMs + Math.floor(burst / 2), ++number);
      if (burst % 3 === 2) {
        // Leaves in the middle of a burst, and comes back.
        const part = await tail.received(number - 57 - got.length);
        got.push(...numbersOf(part));
        const { cursor } = edgeOf(part.at(-1));
        tail.leave();
        tail = await openTail(url, { after: cursor });
      }
    }
    const rest = 1_000 - got.length;
    got.push(...numbersOf(await tail.received(rest)));
    expect(got).toEqual(upTo(1_000));
    const polls = personio.requests.length;
    await until(() => personio.requests.length > polls + 12);
    expect(tail.messages).toHaveLength(rest);
  });

  test('counts entries that say all the same', async () => {
    const log = createTailLog();
    const atMs = Date.now();
    const { url } = await listenWithLog(log);
    let tail = await openTail(url);
    for (let each = 0; each < 300; each += 1) log.add(atMs);
    const { cursor } = edgeOf((await tail.received(123)).at(-1));
    tail.leave();
    for (let each = 0; each < 50; each += 1) log.add(atMs);
    tail = await openTail(url, { after: cursor });
    await tail.received(350 - 123);
    log.add(atMs + 1, 2);
    expect(numbersOf(await tail.received(350 - 123 + 1)).slice(-2)).toEqual([1, 2]);
  });

  test.each([
    ['one', 1],
    ['a few', 7],
    ['more than a page', 230],
  ])('delivers each once although %s may arrive between two pages and push rows onto the next', async (_how, added) => {
    const log = createTailLog({ cursors: 'offsets' });
    let count = 0;
    const add = (last: number) => {
      while (count < last) log.add(Date.now(), ++count);
    };
    const { url, personio } = await listenWithLog(log, {
      meddle: (request) => {
        const page = log.answer(request);
        if (count > 0) add(Math.min(count + added, 1_000));
        return page;
      },
    });
    const tail = await openTail(url);
    add(500);
    const last = await tail.received(1_000);
    expect(numbersOf(last).toSorted((a, b) => a - b)).toEqual(upTo(1_000));
    const polls = personio.requests.length;
    await until(() => personio.requests.length > polls + 12);
    expect(tail.messages).toHaveLength(1_000);
  });

  test('counts entries that say all the same although others arrive between two pages', async () => {
    const log = createTailLog({ cursors: 'offsets' });
    const atMs = Date.now();
    let others = 0;
    const { url, personio } = await listenWithLog(log, {
      meddle: (request) => {
        const page = log.answer(request);
        if (others > 0 && others < 5) log.add(atMs + others, 2 + others++);
        return page;
      },
    });
    const tail = await openTail(url);
    for (let each = 0; each < 450; each += 1) log.add(atMs);
    others = 1;
    const numbers = numbersOf(await tail.received(454));
    expect(numbers.filter((number) => number === 1)).toHaveLength(450);
    const polls = personio.requests.length;
    await until(() => personio.requests.length > polls + 12);
    expect(tail.messages).toHaveLength(454);
  });

  test('delivers what appears late, once', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    const { url } = await listenWithLog(log);
    const tail = await openTail(url);
    log.add(nowMs, 1);
    await tail.received(1);
    log.add(nowMs - 30_000, 2);
    await tail.received(2);
    log.add(nowMs + 1, 3);
    await tail.received(3);
    log.add(nowMs - 20_000, 4);
    log.add(nowMs + 1, 5);
    const numbers = numbersOf(await tail.received(5));
    expect(numbers.slice(0, 3)).toEqual([1, 2, 3]);
    expect(numbers.slice(3).sort()).toEqual([4, 5]);
  });

  test('delivers what appeared late while the client was away, and nothing twice', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    const { url } = await listenWithLog(log);
    const first = await openTail(url);
    for (const number of upTo(20)) log.add(nowMs - 30_000 + number * 10, number);
    log.add(nowMs, 21);
    const { cursor } = edgeOf((await first.received(21)).at(-1));
    first.leave();
    log.add(nowMs - 29_950, 22);
    log.add(nowMs - 10_000, 23);
    log.add(nowMs, 24);
    const second = await openTail(url, { after: cursor });
    expect(numbersOf(await second.received(3))).toEqual([22, 23, 24]);
    log.add(nowMs + 1, 25);
    expect(numbersOf(await second.received(4))).toEqual([22, 23, 24, 25]);
  });

  test('goes on behind an edge of `Webhook.activity`, whose list takes its cursors too', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    for (const number of upTo(10)) log.add(nowMs - 600_000 + Math.floor(number / 3), number);
    const gateway = await listenWithLog(log, {
      meddle: ({ url }) =>
        url.includes('/activity')
          ? undefined
          : { body: { id: 'hook-1', url: 'https://example.com/1', description: 'One' } },
    });
    const read = async (first: number, after?: string) => {
      const { data } = await gateway.query<{
        webhook: { activity: { edges: { cursor: string; node: { attempts: number } }[] } };
      }>(
        'query ($id: ID!, $first: Int, $after: String) { webhook(id: $id) { activity(first: $first, after: $after) { edges { cursor node { attempts } } } } }',
        { id: WEBHOOK, first, after },
      );
      return data.webhook.activity.edges;
    };
    const [newest, , third] = await read(3);
    const tail = await openTail(gateway.url, { after: third?.cursor });
    expect(numbersOf(await tail.received(2))).toEqual([9, 10]);
    const behindNewest = await openTail(gateway.url, { after: newest?.cursor });
    log.add(nowMs, 11);
    expect(numbersOf(await behindNewest.received(1))).toEqual([11]);
    const edge = edgeOf(behindNewest.messages[0]);
    expect((await read(2, edge.cursor)).map(({ node }) => node.attempts)).toEqual([10, 9]);
  });

  test('reads a long past in parts, the oldest first', async () => {
    const log = createTailLog();
    const sinceMs = Date.now() - 86_400_000;
    for (const number of upTo(2_000)) log.add(sinceMs + number * 40_000, number);
    const { url } = await listenWithLog(log, { environment: { SCAN_MAX_PAGES: '2' } });
    const tail = await openTail(url, { since: new Date(sinceMs).toISOString() });
    expect(numbersOf(await tail.received(2_000))).toEqual(upTo(2_000));
    log.add(Date.now(), 2_001);
    expect(numbersOf(await tail.received(2_001)).at(-1)).toBe(2_001);
  });

  test('asks upstream with its filter, and from a minute before what it knows', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    const { url, personioCalls } = await listenWithLog(log);
    const tail = await openTail(url, { filter: { eventName: 'person.created', isDelivered: true } });
    log.add(nowMs, 1);
    log.add(nowMs, 2, { event_name: 'person.created' });
    expect(numbersOf(await tail.received(1))).toEqual([2]);
    const query = new URL(personioCalls()[0]?.slice('GET '.length) ?? '', 'http://upstream').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      event_name: 'person.created',
      is_delivered: 'true',
      limit: '200',
    });
    const fromMs = Date.parse(query.get('completed_at.gte') ?? '');
    expect(nowMs - fromMs).toBeGreaterThan(59_000);
    expect(nowMs - fromMs).toBeLessThan(66_000);
  });

  test('delivers to each follower of one log what its own filter lets through', async () => {
    const log = createTailLog();
    const { url } = await listenWithLog(log);
    const all = await openTail(url);
    const failed = await openTail(url, { filter: { isDelivered: false } });
    const created = await openTail(url, { filter: { eventName: 'person.created' } });
    for (const number of upTo(3)) {
      log.add(Date.now(), number * 10);
      log.add(Date.now(), number * 10 + 1, { is_delivered: false, status_code: 500 });
      log.add(Date.now(), number * 10 + 2, { event_name: 'person.created' });
    }
    expect(numbersOf(await all.received(9))).toEqual([10, 11, 12, 20, 21, 22, 30, 31, 32]);
    expect(numbersOf(await failed.received(3))).toEqual([11, 21, 31]);
    expect(numbersOf(await created.received(3))).toEqual([12, 22, 32]);
  });

  test('keeps to the range of its filter, and completes when that is over', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    for (const number of upTo(5)) log.add(nowMs - 600_000 + number * 1_000, number);
    const { url, personioCalls } = await listenWithLog(log);
    const completedAt = {
      gte: new Date(nowMs - 600_000 + 2_000).toISOString(),
      lte: new Date(nowMs - 600_000 + 4_000).toISOString(),
    };
    const tail = await openTail(url, { since: new Date(nowMs - 3_600_000).toISOString(), filter: { completedAt } });
    await tail.ended;
    expect(numbersOf(tail.messages)).toEqual([2, 3, 4]);
    expect(tail.isComplete()).toBe(true);
    expect(personioCalls()).toHaveLength(1);
  });

  test('that is read slowly loses nothing, and holds nobody up', async () => {
    const log = createTailLog();
    const nowMs = Date.now();
    const { url } = await listenWithLog(log);
    const slow = await openTail(url);
    const quick = await openTail(url);
    slow.hold();
    // Far more than the sockets take, and than stands ready for those who lag behind.
    const name = 'n'.repeat(2_000);
    let number = 0;
    for (let burst = 1; burst <= 12; burst += 1) {
      for (let each = 0; each < 800; each += 1) log.add(nowMs + burst * 6_000, ++number, { event_name: name });
      await quick.received(number);
    }
    expect(numbersOf(quick.messages)).toEqual(upTo(number));
    slow.goOn();
    expect(numbersOf(await slow.received(number))).toEqual(upTo(number));
  });

  test('leaves out an entry that cannot be read, and goes on', async () => {
    const log = createTailLog();
    const { url } = await listenWithLog(log);
    const tail = await openTail(url);
    log.add(Date.now(), 1, { is_delivered: 'maybe' as unknown as boolean });
    log.add(Date.now(), 2);
    expect(numbersOf(await tail.received(1))).toEqual([2]);
  });
});

describe('one poller serves', () => {
  test('all who follow the same log, each from its own beginning', async () => {
    const log = createTailLog();
    const sinceMs = Date.now() - 10_000;
    for (const number of upTo(3)) log.add(sinceMs + number, number);
    const mostUnderWay = { now: 0, count: 0, polls: 0 };
    const { url } = await listenWithLog(log, {
      meddle: async (request) => {
        mostUnderWay.polls += 1;
        mostUnderWay.now += 1;
        mostUnderWay.count = Math.max(mostUnderWay.count, mostUnderWay.now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        mostUnderWay.now -= 1;
        return log.answer(request);
      },
    });
    const all = await openTail(url, { since: new Date(sinceMs).toISOString() });
    await all.received(3);
    const some = await openTail(url, { since: new Date(sinceMs + 3).toISOString() });
    const none = await openTail(url);
    log.add(Date.now(), 4);
    expect(numbersOf(await all.received(4))).toEqual([1, 2, 3, 4]);
    expect(numbersOf(await some.received(2))).toEqual([3, 4]);
    expect(numbersOf(await none.received(1))).toEqual([4]);
    // Pollers of their own would ask at the same time.
    const before = mostUnderWay.polls;
    mostUnderWay.count = 0;
    await until(() => mostUnderWay.polls > before + 5);
    expect(mostUnderWay.count).toBe(1);
  });

  test('nobody: it stops with the last who leaves, and not before', async () => {
    const log = createTailLog();
    let isSilent = false;
    // What waits for an answer. There may be another connection, which rests.
    let unanswered: Socket | undefined;
    const upstream = await startFaultUpstream((socket, { path }) => {
      if (isSilent) unanswered = socket;
      else answer(socket, 200, log.answer({ url: path, method: 'GET', headers: {}, body: '' }).body as object);
    });
    const { url } = await listenWithStubs({
      personio: () => ({}),
      environment: { ...FAST, PERSONIO_BASE_URL: upstream.baseUrl },
    });
    const first = await openTail(url);
    const second = await openTail(url);
    log.add(Date.now(), 1);
    await Promise.all([first.received(1), second.received(1)]);
    first.leave();
    log.add(Date.now(), 2);
    expect(numbersOf(await second.received(2))).toEqual([1, 2]);
    isSilent = true;
    await until(() => unanswered !== undefined);
    const polls = upstream.requests.length;
    second.leave();
    await until(() => unanswered?.closed === true);
    isSilent = false;
    // What would still poll would have done so by the time another has been served several times.
    const other = await openTail(url, { id: globalId('PERSONIO', 'hook-2') });
    log.add(Date.now(), 3);
    await other.received(1);
    expect(upstream.requests.slice(polls).filter(({ path }) => path.includes('hook-1'))).toEqual([]);
  });
});

describe('an upstream', () => {
  test('that fails for a while only delays the stream', async () => {
    const log = createTailLog();
    const faults: (UpstreamReply | 'reset')[] = [];
    const upstream = await startFaultUpstream((socket, { path }) => {
      const fault = faults.shift();
      if (fault === 'reset') socket.resetAndDestroy();
      else if (fault) answer(socket, fault.status ?? 500, '', fault.headers ?? {});
      else answer(socket, 200, log.answer({ url: path, method: 'GET', headers: {}, body: '' }).body as object);
    });
    const { url } = await listenWithStubs({
      personio: () => ({}),
      environment: { ...FAST, PERSONIO_BASE_URL: upstream.baseUrl },
    });
    const tail = await openTail(url);
    faults.push(
      { status: 503 },
      'reset',
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 200 },
      { status: 500 },
    );
    log.add(Date.now(), 1);
    expect(numbersOf(await tail.received(1))).toEqual([1]);
    const [at429, behind] = upstream.requests.slice(3, 5).map(({ at }) => at);
    expect((behind ?? 0) - (at429 ?? 0)).toBeGreaterThanOrEqual(990);
    expect(tail.messages).toHaveLength(1);
  });

  test('that fails when the tail is opened costs nothing of what happens from then on', async () => {
    const log = createTailLog();
    const faults: UpstreamReply[] = [
      { status: 503, body: {} },
      { status: 503, body: {} },
    ];
    const { url } = await listenWithLog(log, { meddle: () => faults.shift() });
    log.add(Date.now() - 5_000, 1);
    const tail = await openTail(url);
    log.add(Date.now(), 2);
    expect(numbersOf(await tail.received(1))).toEqual([2]);
  });

  test('that fails now and then ends no stream that reads a long past', async () => {
    const log = createTailLog();
    const sinceMs = Date.now() - 86_400_000;
    for (const number of upTo(2_000)) log.add(sinceMs + number * 40_000, number);
    let calls = 0;
    let failures = 0;
    const { url } = await listenWithLog(log, {
      environment: { SCAN_MAX_PAGES: '1' },
      meddle: () => {
        calls += 1;
        if (calls % 3 !== 0) return undefined;
        failures += 1;
        return { body: 'nothing of the log' };
      },
    });
    const tail = await openTail(url, { since: new Date(sinceMs).toISOString() });
    expect(numbersOf(await tail.received(2_000))).toEqual(upTo(2_000));
    // So many in a row would be taken for lasting.
    expect(failures).toBeGreaterThan(5);
  });

  test('that comes back from an outage with an answer that cannot be read ends no stream', async () => {
    const log = createTailLog();
    const faults: UpstreamReply[] = [];
    const { url } = await listenWithLog(log, { meddle: () => faults.shift() });
    const tail = await openTail(url);
    // The outage alone has as many failures as unfit answers would be taken for lasting.
    faults.push(...upTo(5).map(() => ({ status: 503, body: {} })), { body: '<html>Back in a moment</html>' });
    log.add(Date.now(), 1);
    expect(numbersOf(await tail.received(1))).toEqual([1]);
    expect(faults).toEqual([]);
  });

  test('shows its credentials to nobody, in a stream either', async () => {
    const log = createTailLog();
    let isRefusing = false;
    const { url } = await listenWithLog(log, {
      meddle: () =>
        isRefusing
          ? {
              status: 403,
              body: { errors: [{ title: 'No', detail: 'papi-test-token may not https://x.example/?key=1' }] },
            }
          : undefined,
    });
    const tails = [await openTail(url), await openTail(url)];
    isRefusing = true;
    for (const tail of tails) {
      await tail.ended;
      expect(tail.messages[0]?.errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
      expect(JSON.stringify(tail.messages)).not.toMatch(/papi-test|key=1/);
    }
  });

  test.each([
    ['that the client wrote', { filter: { completedAt: { gte: '2026-01-01T00:00:00Z' } } }, true],
    ['that the tail itself put in', {}, false],
  ])('that refuses a time %s ties its error to the filter only then', async (_what, variables, isTied) => {
    const detail = 'Invalid value for filter: completed_at.gte';
    const { url } = await listenWithLog(createTailLog(), {
      meddle: () => ({ status: 422, body: { errors: [{ title: 'Invalid', detail }] } }),
    });
    const tail = await openTail(url, variables);
    await tail.ended;
    const violations = [{ path: ['filter', 'completedAt', 'gte'], message: detail }];
    expect(tail.messages[0]?.errors?.[0]?.extensions.violations).toEqual(isTied ? violations : undefined);
  });

  test('that refuses for good ends the stream with its error', async () => {
    const log = createTailLog();
    let status = 200;
    const { url, personio } = await listenWithLog(log, {
      meddle: () => (status === 200 ? undefined : { status, body: {} }),
    });
    const tail = await openTail(url);
    log.add(Date.now(), 1);
    await tail.received(1);
    status = 404;
    await tail.ended;
    expect(tail.isComplete()).toBe(true);
    expect(tail.messages.at(-1)).toMatchObject({
      data: null,
      errors: [
        {
          path: ['webhookActivity'],
          extensions: {
            code: 'NOT_FOUND',
            provider: 'PERSONIO',
            retryable: false,
            upstream: { status: 404 },
            requestId: expect.any(String),
          },
        },
      ],
    });
    expect(tail.messages.at(-1)?.errors?.[0]?.extensions.requestId).toBe(tail.headers['x-request-id']);
    const asked = personio.requests.length;
    const again = await openTail(url);
    await again.ended;
    expect(personio.requests).toHaveLength(asked + 1);
  });
});

describe('a tail is refused', () => {
  test.each([
    ['with both `after` and `since`', { after: 'x', since: '2026-01-01T00:00:00Z' }, 'BAD_USER_INPUT', ['since']],
    ['with a damaged cursor', { after: 'nonsense' }, 'BAD_USER_INPUT', ['after']],
    ['for what is no webhook', { id: 'nonsense' }, 'BAD_USER_INPUT', ['webhookId']],
    ['for an empty event name', { filter: { eventName: ' ' } }, 'BAD_USER_INPUT', ['filter', 'eventName']],
    ['for TruLayer, which publishes no log', { id: globalId('TRULAYER', 'x') }, 'UNSUPPORTED_BY_PROVIDER', undefined],
  ])('%s', async (_what, variables, code, path) => {
    const { url, personioCalls, trulayerCalls } = await listenWithStubs({ trulayer: () => ({}), personio: () => ({}) });
    const tail = await openTail(url, variables);
    await tail.ended;
    expect(tail.isComplete()).toBe(true);
    expect(tail.messages).toHaveLength(1);
    expect(tail.messages[0]?.errors?.[0]).toMatchObject({
      extensions: { code, requestId: expect.any(String), ...(path && { violations: [{ path }] }) },
    });
    expect([...personioCalls(), ...trulayerCalls()]).toEqual([]);
  });
});

describe('a caller that follows two hundred logs', () => {
  const tailOf = (url: string, key: string, eventName: string) => openTail(url, { filter: { eventName } }, bearer(key));

  test('is refused another, and takes no place from the others', { timeout: 60_000 }, async () => {
    const log = createTailLog();
    const { url } = await listenWithLog(log, { environment: { ...WITH_KEYS, TAIL_POLL_MS: '500' } });
    const names = upTo(201).map((number) => `event.${number}`);
    const tails = await Promise.all(names.map((name) => tailOf(url, READ_KEY, name)));
    await until(() => tails.some((tail) => tail.messages.length > 0));
    const refused = tails.filter((tail) => tail.messages.length > 0);
    expect(refused.map(({ messages }) => messages[0]?.errors?.[0]?.extensions.code)).toEqual(['LIMIT_EXCEEDED']);

    const [followed = ''] = names.filter((_name, index) => tails[index] !== refused[0]);
    const joined = await tailOf(url, READ_KEY, followed);
    const ofAnother = await tailOf(url, TEST_KEY, 'event.of-another');
    log.add(Date.now(), 1, { event_name: followed });
    log.add(Date.now(), 2, { event_name: 'event.of-another' });
    expect(numbersOf(await joined.received(1))).toEqual([1]);
    expect(numbersOf(await ofAnother.received(1))).toEqual([2]);
    const withAnother = await tailOf(url, READ_KEY, 'event.of-another');
    await withAnother.ended;
    expect(withAnother.messages[0]?.errors?.[0]?.extensions.code).toBe('LIMIT_EXCEEDED');

    const stays = await tailOf(url, TEST_KEY, followed);
    log.add(Date.now(), 4, { event_name: followed });
    expect(numbersOf(await stays.received(1))).toEqual([4]);
    tails[names.indexOf(followed)]?.leave();
    joined.leave();
    // When the gateway has noticed there is a place again, though another goes on with that log.
    let message: StreamMessage | undefined;
    do {
      const next = await tailOf(url, READ_KEY, 'event.next');
      log.add(Date.now(), 3, { event_name: 'event.next' });
      [message] = await next.received(1);
    } while (message?.errors);
    expect(edgeOf(message).node.attempts).toBe(3);
  });
});
