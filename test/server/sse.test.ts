import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-sse';
import { describe, expect, onTestFinished, test } from 'vitest';
import { numbersOf, openTail, TAIL, WEBHOOK } from '../graphql/subscriptions/live-tail.ts';
import { until } from '../support/fault-upstream.ts';
import { jsonRequest, listenWithStubs } from '../support/listening-gateway.ts';
import { subscribe } from '../support/sse-stream.ts';
import { createTailLog } from '../support/tail-log.ts';

const FAST = { TAIL_POLL_MS: '2' };

async function listen(environment: Readonly<Record<string, string>> = {}) {
  const log = createTailLog();
  const gateway = await listenWithStubs({ personio: log.answer, environment: { ...FAST, ...environment } });
  return { ...gateway, log };
}

describe('a stream', () => {
  test('outlives the deadline of an operation', async () => {
    const { url, log, personio } = await listen({ OPERATION_TIMEOUT_MS: '60' });
    const openedAt = performance.now();
    const tail = await openTail(url);
    await until(() => performance.now() - openedAt > 150 && personio.requests.length > 5);
    log.add(Date.now(), 1);
    expect(numbersOf(await tail.received(1))).toEqual([1]);
  });

  test('is completed when the gateway closes, and the gateway then ends', async () => {
    const { url, log, gateway } = await listen();
    const tails = [await openTail(url), await openTail(url)];
    log.add(Date.now(), 1);
    for (const tail of tails) await tail.received(1);
    const closingAt = performance.now();
    const closed = gateway.close();
    for (const tail of tails) {
      await tail.ended;
      expect(tail.isComplete()).toBe(true);
      expect(tail.messages).toHaveLength(1);
    }
    await closed;
    expect(performance.now() - closingAt).toBeLessThan(3_000);
  });

  test('can be asked for by GET, as EventSource does', async () => {
    const { url, log } = await listen();
    const query = new URLSearchParams({ query: TAIL, variables: JSON.stringify({ id: WEBHOOK }) });
    const response = await fetch(`${url}/graphql?${query}`, { headers: { accept: 'text/event-stream' } });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    log.add(Date.now(), 7);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('"attempts":7')) break;
    }
    expect(text).toContain('event: next\ndata: {"data":{"webhookActivity":{"cursor":"');
  });

  test.each(['application/json', 'application/graphql-response+json', 'multipart/mixed', 'text/html', '*/*;q=0'])(
    'is refused where the client takes %s and no stream, and does not begin',
    async (accept) => {
      const { send, personioCalls } = await listen();
      const answer = await send(jsonRequest({ query: TAIL, variables: { id: WEBHOOK } }, { accept }));
      expect(answer.status).toBe(406);
      expect(answer.json().errors?.[0]?.extensions.code).toBe('BAD_REQUEST');
      expect(personioCalls()).toEqual([]);
    },
  );

  test('needs a key where all do', async () => {
    const { url } = await listen({ GATEWAY_API_KEYS: `ops:${'0'.repeat(64)}:webhooks:read` });
    const { status } = await subscribe(url, { query: TAIL, variables: { id: WEBHOOK } });
    expect(status).toBe(401);
  });

  test('costs what a page of the log costs', async () => {
    const { url } = await listen({ LIMIT_COST: '100' });
    const tail = await openTail(url);
    await tail.ended;
    expect(tail.messages[0]?.errors?.[0]).toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED' } });
  });

  test.each([
    ['HTTP/1.1', 'text/event-stream'],
    ['HTTP/1.0', 'text/event-stream'],
    ['HTTP/1.1', 'multipart/mixed'],
  ])(
    'of %s, and what else is sent as %s, takes its connection with it where the client wants that',
    async (version, accept) => {
      const { url } = await listen();
      const body = JSON.stringify({ query: '{ __typename }' });
      const lines = ['host: localhost', 'content-type: application/json', `accept: ${accept}`, 'connection: close'];
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname);
      onTestFinished(() => void socket.destroy());
      socket.write(
        `POST /graphql ${version}\r\n${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      // It ends only once the connection is closed.
      const answer = await text(socket);
      expect(answer).toContain('{"data":{"__typename":"Query"}}');
      expect(answer).toMatch(/^connection: close\r$/im);
    },
  );

  test('quotes no variable that does not fit', async () => {
    const { url, personioCalls } = await listen();
    const tail = await openTail(url, { since: 'hush-hush' });
    await tail.ended;
    expect(tail.messages[0]?.errors?.[0]).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', violations: [{ path: ['since'] }] },
    });
    expect(JSON.stringify(tail.messages)).not.toContain('hush-hush');
    expect(personioCalls()).toEqual([]);
  });
});

describe('the client of graphql-sse', () => {
  test('reads a tail, and completes when the gateway does', async () => {
    const { url, log, gateway } = await listen();
    const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 });
    const events = client.iterate<{ webhookActivity: { node: { attempts: number } } }>({
      query: TAIL,
      variables: { id: WEBHOOK, since: new Date(Date.now() - 1_000).toISOString() },
    });
    log.add(Date.now(), 1);
    log.add(Date.now(), 2);
    const got: (number | undefined)[] = [];
    for await (const { data } of events) {
      got.push(data?.webhookActivity.node.attempts);
      if (got.length === 2) void gateway.close();
    }
    expect(got).toEqual([1, 2]);
  });

  test('without its own retries hears of a lost connection, and goes on with the last cursor: nothing is lost', async () => {
    const { url, log } = await listen();
    const line = new AbortController();
    const client = createClient({
      url: `${url}/graphql`,
      // Its own retry would begin with what appears from then on.
      retryAttempts: 0,
      fetchFn: (input: string, init: RequestInit) =>
        fetch(input, line.signal.aborted ? init : { ...init, signal: line.signal }),
    });
    const got: number[] = [];
    let cursor: string | undefined;
    const follow = (variables: Record<string, unknown>) =>
      new Promise<void>((resolve) => {
        client.subscribe<{ webhookActivity: { cursor: string; node: { attempts: number } } }>(
          { query: TAIL, variables: { id: WEBHOOK, ...variables } },
          {
            next: ({ data }) => {
              if (!data) return;
              cursor = data.webhookActivity.cursor;
              got.push(data.webhookActivity.node.attempts);
            },
            error: () => resolve(),
            complete: resolve,
          },
        );
      });
    const first = follow({ since: new Date(Date.now() - 1_000).toISOString() });
    log.add(Date.now(), 1);
    await until(() => got.length === 1);
    line.abort();
    await first;
    log.add(Date.now(), 2);
    void follow({ after: cursor });
    await until(() => got.length === 2);
    log.add(Date.now(), 3);
    await until(() => got.length === 3);
    expect(got).toEqual([1, 2, 3]);
  });
});

describe('urql', () => {
  test.each(['its own fetch', 'its subscription exchange over graphql-sse'])('reads a tail by %s', async (way) => {
    const { url, log } = await listen();
    const sse = createClient({ url: `${url}/graphql`, retryAttempts: 0 });
    const overSse = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({
          unsubscribe: sse.subscribe(
            { query, variables: variables ?? {} },
            { next: (result) => sink.next(result as never), error: sink.error, complete: sink.complete },
          ),
        }),
      }),
    });
    const client = new Client({
      url: `${url}/graphql`,
      exchanges: [way === 'its own fetch' ? fetchExchange : overSse],
      fetchSubscriptions: way === 'its own fetch',
      preferGetMethod: false,
    });
    const got: number[] = [];
    const { unsubscribe } = client
      .subscription(gql(TAIL), { id: WEBHOOK, since: new Date(Date.now() - 1_000).toISOString() })
      .subscribe(({ data }) => got.push(data.webhookActivity.node.attempts));
    log.add(Date.now(), 1);
    log.add(Date.now(), 2);
    await until(() => got.length >= 2);
    unsubscribe();
    expect(got).toEqual([1, 2]);
  });
});
