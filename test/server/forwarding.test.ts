import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { createGate } from '../support/gate.ts';
import { openGateway } from '../support/gateway.ts';
import { jsonRequest, listenWithStubs } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';
import { startStubUpstream, type UpstreamReply, type UpstreamRequest } from '../support/stub-upstream.ts';
import { personioPage, personioWebhooks, trulayerId, trulayerWebhooks } from '../support/upstream-rows.ts';

const LIST = {
  query: '{ webhooks { nodes { provider } unavailableProviders } webhookProviders { name isConfigured } }',
};
const PERSONIO = { 'x-personio-authorization': 'Bearer papi-of-the-caller' };
const TRULAYER = { 'x-trulayer-authorization': 'Bearer tl_of_the_caller' };

const open = (environment: Readonly<Record<string, string>>) =>
  listenWithStubs({
    personio: () => personioPage(personioWebhooks(1)),
    trulayer: () => ({ body: { webhooks: trulayerWebhooks(1) } }),
    environment,
  });

const authorizationsOf = (requests: readonly UpstreamRequest[]) => requests.map(({ headers }) => headers.authorization);

describe('with forwarding on', () => {
  const FORWARDING = { GATEWAY_FORWARD_CREDENTIALS: 'true' };

  test("a caller's credentials go upstream as they are, in place of the gateway's, each to its own provider", async () => {
    const gateway = await open(FORWARDING);
    const answer = await gateway.send(jsonRequest(LIST, { ...PERSONIO, ...TRULAYER }));
    expect(answer.json()).toEqual({
      data: {
        webhooks: { nodes: [{ provider: 'PERSONIO' }, { provider: 'TRULAYER' }], unavailableProviders: [] },
        webhookProviders: [
          { name: 'PERSONIO', isConfigured: true },
          { name: 'TRULAYER', isConfigured: true },
        ],
      },
    });
    expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-of-the-caller']);
    expect(authorizationsOf(gateway.trulayer.requests)).toEqual(['Bearer tl_of_the_caller']);
  });

  test("a provider without a header is not configured, although the gateway has credentials: they are not the caller's", async () => {
    const gateway = await open(FORWARDING);
    const answer = await gateway.send(jsonRequest(LIST, PERSONIO));
    expect(answer.json().data).toEqual({
      webhooks: { nodes: [{ provider: 'PERSONIO' }], unavailableProviders: [] },
      webhookProviders: [
        { name: 'PERSONIO', isConfigured: true },
        { name: 'TRULAYER', isConfigured: false },
      ],
    });
    expect(gateway.trulayerCalls()).toEqual([]);
  });

  test('what names that provider gets PROVIDER_NOT_CONFIGURED: by id, in a filter, in a mutation', async () => {
    const gateway = await open(FORWARDING);
    const id = globalId('TRULAYER', trulayerId(1));
    const query = [
      `query { webhook(id: "${id}") { id } webhooks(filter: { providers: [TRULAYER] }) { edges { cursor } } }`,
      `mutation { deleteWebhook(input: { id: "${id}" }) { __typename } }`,
    ];
    const codes = await Promise.all(
      query.map(async (each) => {
        const { errors } = (await gateway.send(jsonRequest({ query: each }, PERSONIO))).json();
        return errors?.map(({ extensions }) => extensions.code);
      }),
    );
    expect(codes).toEqual([['PROVIDER_NOT_CONFIGURED', 'PROVIDER_NOT_CONFIGURED'], ['PROVIDER_NOT_CONFIGURED']]);
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  });

  test('what a proxy adds behind thousands of lines of its client is read, and nothing falls back on the gateway', async () => {
    const gateway = await open({ ...FORWARDING, GATEWAY_FORWARD_FALLBACK: 'true' });
    const lines = Array.from({ length: 1_500 }, (_, index) => [`x-${index}`, '1']);
    await gateway.send(jsonRequest(LIST, { ...Object.fromEntries(lines), ...PERSONIO, ...TRULAYER }));
    expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-of-the-caller']);
    expect(authorizationsOf(gateway.trulayer.requests)).toEqual(['Bearer tl_of_the_caller']);
  });

  test("with GATEWAY_FORWARD_FALLBACK the gateway's own serve whoever brings none", async () => {
    const gateway = await open({ ...FORWARDING, GATEWAY_FORWARD_FALLBACK: 'true' });
    await gateway.send(jsonRequest(LIST, PERSONIO));
    expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-of-the-caller']);
    expect(authorizationsOf(gateway.trulayer.requests)).toEqual(['Bearer tl_test_key']);
  });

  test("credentials that the upstream refuses are an error, and never lead back to the gateway's own", async () => {
    const gateway = await listenWithStubs({
      personio: () => ({ status: 401, body: { errors: [] } }),
      environment: { ...FORWARDING, GATEWAY_FORWARD_FALLBACK: 'true' },
    });
    const answer = await gateway.send(jsonRequest({ query: '{ webhooks { edges { cursor } } }' }, PERSONIO));
    expect(answer.json().errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAUTHENTICATED' } }]);
    expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-of-the-caller']);
  });

  test.each([
    ['empty', ''],
    ['longer than 8 KiB', `Bearer ${'x'.repeat(8_192 - 6)}`],
    ['with a tab in it', 'Bearer a\tb'],
    ['with a character outside of ASCII', 'Bearer é'],
  ])('a value that is %s is 400 BAD_USER_INPUT, is not quoted, and nothing goes upstream', async (_what, value) => {
    const gateway = await open({ ...FORWARDING, GATEWAY_FORWARD_FALLBACK: 'true' });
    const answer = await gateway.send(jsonRequest(LIST, { 'x-personio-authorization': value }));
    expect(answer.status).toBe(400);
    expect(answer.json().errors).toMatchObject([
      {
        message: 'x-personio-authorization is not one line of up to 8192 visible characters.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect([...gateway.personioCalls(), ...gateway.trulayerCalls()]).toEqual([]);
  });

  test('both headers may be 8 KiB long at once', async () => {
    const gateway = await open(FORWARDING);
    const value = `Bearer ${'x'.repeat(8_192 - 7)}`;
    const answer = await gateway.send(
      jsonRequest(LIST, { 'x-personio-authorization': value, 'x-trulayer-authorization': value }),
    );
    expect(answer.status).toBe(200);
    expect(authorizationsOf(gateway.personio.requests)).toEqual([value]);
  });

  test('they are never logged, and never told in an error, even if the upstream repeats them', async () => {
    const echo = ({ headers }: UpstreamRequest): UpstreamReply => ({
      status: 422,
      body: { errors: [{ title: `bad ${headers.authorization}`, detail: headers.authorization?.split(' ')[1] }] },
    });
    const gateway = await listenWithStubs({
      personio: echo,
      trulayer: echo,
      environment: { ...FORWARDING, LOG_LEVEL: 'trace' },
    });
    const answer = await gateway.send(
      jsonRequest({ query: '{ webhooks { edges { cursor } } }' }, { ...PERSONIO, ...TRULAYER }),
    );
    expect(answer.body.toString()).toContain('[redacted]');
    expect(answer.body.toString() + JSON.stringify(gateway.log)).not.toMatch(/of.the.caller/);
  });

  test("a caller's own key is not what goes upstream", async () => {
    const gateway = await open({ ...FORWARDING, ...WITH_KEYS });
    await gateway.send(jsonRequest(LIST, { ...PERSONIO, ...bearer(READ_KEY) }));
    expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-of-the-caller']);
    expect(JSON.stringify(gateway.personio.requests)).not.toContain(READ_KEY);
  });
});

test('with forwarding off, the headers are not looked at', async () => {
  const gateway = await open({});
  const answer = await gateway.send(jsonRequest(LIST, { ...PERSONIO, 'x-trulayer-authorization': '' }));
  expect(answer.status).toBe(200);
  expect(authorizationsOf(gateway.personio.requests)).toEqual(['Bearer papi-test-token']);
  expect(authorizationsOf(gateway.trulayer.requests)).toEqual(['Bearer tl_test_key']);
});

describe('callers with credentials of their own', () => {
  /** Upstreams that answer with whose credentials they got, after as many turns of the event loop as they are told. */
  async function openEchoes() {
    const turns: number[] = [];
    const wait = async () => {
      for (let left = turns.shift() ?? 0; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
    };
    const personio = await startStubUpstream(async ({ url, headers }) => {
      await wait();
      const row = { ...personioWebhooks(1)[0], description: `seen by ${headers.authorization}` };
      return url.startsWith('/v2/webhooks?') ? personioPage([row]) : { body: row };
    });
    const trulayer = await startStubUpstream(async ({ headers }) => {
      await wait();
      const url = `https://example.com/${headers.authorization?.replace(' ', '-')}`;
      return { body: { webhooks: [{ ...trulayerWebhooks(1)[0], url }] } };
    });
    const gateway = openGateway({
      PERSONIO_BASE_URL: personio.baseUrl,
      PERSONIO_ACCESS_TOKEN: 'token-of-the-gateway',
      TRULAYER_BASE_URL: trulayer.baseUrl,
      TRULAYER_API_KEY: 'token-of-the-gateway',
      GATEWAY_FORWARD_CREDENTIALS: 'true',
      GATEWAY_FORWARD_FALLBACK: 'true',
      UPSTREAM_MAX_QUEUE: '1000',
    });
    onTestFinished(async () => {
      await gateway.close();
      await Promise.all([personio.close(), trulayer.close()]);
    });
    return { ...gateway, personio, trulayer, turns };
  }

  const [P, T] = [globalId('PERSONIO', 'hook-1'), globalId('TRULAYER', trulayerId(1))];
  const OPERATIONS = [
    '{ webhooks { nodes { description url } } }',
    `{ webhook(id: "${P}") { description } other: webhook(id: "${T}") { url } }`,
    `{ nodes(ids: ["${P}", "${T}", "${P}"]) { ... on Webhook { description url } } }`,
    `{ _entities(representations: [{ __typename: "Webhook", id: "${P}" }, { __typename: "Webhook", id: "${T}" }]) { ... on Webhook { description url } } }`,
    `mutation { updateWebhook(input: { id: "${P}", description: "New" }) { webhook { description } } }`,
  ] as const;

  test('that ask for the same at the same time are answered apart: each sees its own only, in any order', async () => {
    const gateway = await openEchoes();
    const request = fc.record({
      caller: fc.integer({ min: 0, max: 3 }),
      operation: fc.constantFrom(...OPERATIONS),
      turns: fc.array(fc.nat(6), { minLength: 2, maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 2, maxLength: 8 }), async (requests) => {
        gateway.turns.splice(0, gateway.turns.length, ...requests.flatMap(({ turns }) => turns));
        await Promise.all(
          requests.map(async ({ caller, operation }) => {
            // Caller 0 brings none: the gateway's own are a tenant like any other.
            const token = caller === 0 ? 'token-of-the-gateway' : `token-of-caller-${caller}`;
            const value = {
              'x-personio-authorization': `Bearer ${token}`,
              'x-trulayer-authorization': `Bearer ${token}`,
            };
            const answer = await gateway.query(operation, undefined, caller === 0 ? {} : { headers: value });
            const seen = new Set(JSON.stringify(answer).match(/token-of-[\w-]+/g));
            expect([...seen]).toEqual([token]);
            expect(answer.errors).toBeUndefined();
          }),
        );
      }),
      { numRuns: Number(process.env.INTERLEAVINGS ?? 150), seed: 20_261_121 },
    );
  }, 600_000);

  test('share one upstream call only with those who bring the same', async () => {
    const gate = createGate();
    const upstream = await startStubUpstream(async () => {
      await gate.opened;
      return personioPage(personioWebhooks(1));
    });
    const gateway = openGateway({ PERSONIO_BASE_URL: upstream.baseUrl, GATEWAY_FORWARD_CREDENTIALS: 'true' });
    onTestFinished(async () => {
      await gateway.close();
      await upstream.close();
    });
    const ask = (token: string) =>
      gateway.query('{ webhooks { nodes { id } } }', {}, { headers: { 'x-personio-authorization': token } });
    const answers = ['Bearer a', 'Bearer a', 'Bearer b', 'bearer a', 'Bearer a '].map(ask);
    await expect.poll(() => upstream.requests.length).toBe(3);
    gate.open();
    await Promise.all(answers);
    // RFC 9110 §5.5: blanks around a value are no part of it.
    expect(authorizationsOf(upstream.requests).sort()).toEqual(['Bearer a', 'Bearer b', 'bearer a']);
  });
});
