import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS } from '../../src/sandbox/personio/seeded-webhooks.ts';
import { TRULAYER_WEBHOOK_IDS } from '../../src/sandbox/trulayer/seeded-webhooks.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { globalId, openStubGateway, type StubGateway } from '../support/stub-gateway.ts';
import { pagedPersonio, personioPage, trulayerWebhooks } from '../support/upstream-rows.ts';

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly eventName: string | null;
  readonly otherWebhook: { readonly providerKey: string; readonly description: string | null } | null;
}

const FINDINGS = '{ findings { code message eventName otherWebhook { providerKey description } } }';

async function readFindings(gateway: Pick<StubGateway, 'query'>, id: string) {
  const { data, errors } = await gateway.query<{ webhook: { findings: readonly Finding[] | null } }>(
    `query Findings($id: ID!) { webhook(id: $id) ${FINDINGS} }`,
    { id },
  );
  return { findings: data.webhook.findings, errors };
}

function twin(id: string, rest: Readonly<Record<string, unknown>> = {}) {
  const row = { id, url: 'https://example.com/hook', description: `Webhook ${id}`, status: 'ENABLED' };
  return { ...row, enabled_events: ['person.created'], auth_type: 'TOKEN', ...rest };
}

function single(rows: readonly { readonly id: string }[], url: string) {
  return { body: rows.find(({ id }) => url.endsWith(`/${id}`)) };
}

describe('the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test.each([
    ['healthy', []],
    ['noAuthentication', ['NO_AUTHENTICATION']],
    ['unknownEvent', ['UNKNOWN_EVENT payroll-run.closed']],
    ['noEvents', ['NO_EVENTS']],
    ['legacy', ['NO_AUTHENTICATION', 'INSECURE_URL', 'CREDENTIALS_IN_URL']],
    ['bare', []],
  ] as const)('shows on its webhook «%s» what it is there for', async (name, expected) => {
    const { findings, errors } = await readFindings(gateway, globalId('PERSONIO', PERSONIO_WEBHOOK_IDS[name]));
    expect(errors).toBeUndefined();
    expect(findings?.map(({ code, eventName }) => (eventName === null ? code : `${code} ${eventName}`))).toEqual(
      expected,
    );
  });

  test.each([
    ['twin', 'otherTwin'],
    ['otherTwin', 'twin'],
  ] as const)('shows on «%s» that «%s» subscribes the same', async (name, other) => {
    const { findings } = await readFindings(gateway, globalId('PERSONIO', PERSONIO_WEBHOOK_IDS[name]));
    expect(findings?.map(({ code, otherWebhook }) => [code, otherWebhook?.providerKey])).toEqual([
      ['DUPLICATE_SUBSCRIPTION', `personio:${PERSONIO_WEBHOOK_IDS[other]}`],
    ]);
  });

  test("shows TruLayer's webhook with a private host", async () => {
    const { findings } = await readFindings(gateway, globalId('TRULAYER', TRULAYER_WEBHOOK_IDS.privateHost));
    expect(findings?.map(({ code }) => code)).toEqual(['PRIVATE_HOST']);
  });

  test('never quotes a URL with its password', async () => {
    const { findings } = await readFindings(gateway, globalId('PERSONIO', PERSONIO_WEBHOOK_IDS.legacy));
    expect(JSON.stringify(findings)).not.toContain('letmein');
  });
});

test('a duplicate names the other webhook, which can be read on', async () => {
  const rows = [
    twin('one'),
    twin('two', { url: 'https://EXAMPLE.com:443/hook' }),
    twin('three', { status: 'DISABLED' }),
  ];
  const gateway = await openStubGateway({
    personio: ({ url }) => (url.startsWith('/v2/webhooks?') ? personioPage(rows) : single(rows, url)),
  });
  const { findings, errors } = await readFindings(gateway, globalId('PERSONIO', 'one'));
  expect(errors).toBeUndefined();
  expect(findings).toEqual([
    {
      code: 'DUPLICATE_SUBSCRIPTION',
      message: expect.stringContaining('personio:two'),
      eventName: null,
      otherWebhook: { providerKey: 'personio:two', description: 'Webhook two' },
    },
  ]);
});

describe('calls upstream', () => {
  test('are the list of the provider, once for all webhooks of the operation', async () => {
    const rows = [twin('one'), twin('two'), twin('three')];
    const gateway = await openStubGateway({
      personio: ({ url }) => (url.startsWith('/v2/webhooks?') ? personioPage(rows) : single(rows, url)),
      trulayer: () => ({ body: { webhooks: trulayerWebhooks(3) } }),
    });
    const { data, errors } = await gateway.query<{
      webhooks: { nodes: readonly { findings: readonly Finding[] }[] };
    }>(
      `{ webhooks { nodes { findings { code otherWebhook { findings { code } } } } }
         one: webhook(id: "${globalId('PERSONIO', 'one')}") { findings { code } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.webhooks.nodes.map(({ findings }) => findings.length)).toEqual([2, 2, 2, 0, 0, 0]);
    expect(gateway.personioCalls().toSorted()).toEqual([
      'GET /v2/webhooks/one',
      'GET /v2/webhooks?limit=200',
      'GET /v2/webhooks?limit=50',
    ]);
    expect(gateway.trulayerCalls().length).toBeLessThanOrEqual(2);
  });

  test('find a duplicate on any page of the list', async () => {
    const others = Array.from({ length: 450 }, (_, index) =>
      twin(`other-${index}`, { url: `https://example.com/${index}` }),
    );
    const rows = [twin('one'), ...others, twin('last')];
    const page = pagedPersonio(rows);
    const gateway = await openStubGateway({
      personio: (request) => (request.url.startsWith('/v2/webhooks?') ? page(request) : single(rows, request.url)),
    });
    const { findings } = await readFindings(gateway, globalId('PERSONIO', 'one'));
    expect(findings?.map(({ otherWebhook }) => otherWebhook?.providerKey)).toEqual(['personio:last']);
    expect(gateway.personioCalls()).toHaveLength(1 + 3);
  });

  test('a row of the list that cannot be read hides only itself', async () => {
    const rows = [twin('one'), twin('two')];
    const gateway = await openStubGateway({
      personio: ({ url }) => (url.startsWith('/v2/webhooks?') ? personioPage([null, ...rows]) : single(rows, url)),
    });
    const { findings, errors } = await readFindings(gateway, globalId('PERSONIO', 'one'));
    expect(errors).toBeUndefined();
    expect(findings).toHaveLength(1);
  });
});

describe('a provider whose list cannot be read', () => {
  test('takes only the search for duplicates with it', async () => {
    const rows = [twin('one', { auth_type: 'NONE' })];
    const gateway = await openStubGateway({
      personio: ({ url }) => (url.startsWith('/v2/webhooks?') ? { status: 500, body: 'down' } : single(rows, url)),
    });
    const { findings, errors } = await readFindings(gateway, globalId('PERSONIO', 'one'));
    expect(errors).toBeUndefined();
    expect(findings?.map(({ code }) => code)).toEqual(['NO_AUTHENTICATION']);
  });

  test('leaves the duplicates of the others alone', async () => {
    const rows = [twin('one'), twin('two')];
    const gateway = await openStubGateway({
      personio: () => personioPage(rows),
      trulayer: () => ({ status: 500, body: 'down' }),
    });
    const { data } = await gateway.query<{ webhooks: { nodes: readonly ({ findings: readonly Finding[] } | null)[] } }>(
      '{ webhooks { nodes { findings { code } } } }',
    );
    expect(data.webhooks.nodes).toEqual([
      { findings: [{ code: 'DUPLICATE_SUBSCRIPTION' }] },
      { findings: [{ code: 'DUPLICATE_SUBSCRIPTION' }] },
      null,
    ]);
  });

  test('because the fuse is met, is LIMIT_EXCEEDED', async () => {
    const rows = [twin('one')];
    const gateway = await openStubGateway({
      personio: ({ url }) => single(rows, url),
      environment: { UPSTREAM_MAX_CALLS: '1' },
    });
    const { findings, errors } = await readFindings(gateway, globalId('PERSONIO', 'one'));
    expect(findings).toBeNull();
    expect(errors).toMatchObject([{ path: ['webhook', 'findings'], extensions: { code: 'LIMIT_EXCEEDED' } }]);
  });
});

test('after a write the duplicates are those after it', async () => {
  const rows = [twin('one'), twin('two')];
  let writes = 0;
  const gateway = await openStubGateway({
    personio: ({ method, url }) => {
      if (method === 'PATCH') {
        writes += 1;
        return { body: { id: 'one' } };
      }
      // With the second write somebody else has removed the twin.
      return url.startsWith('/v2/webhooks?') ? personioPage(rows.slice(0, writes < 2 ? 2 : 1)) : single(rows, url);
    },
  });
  const id = globalId('PERSONIO', 'one');
  const change = `updateWebhook(input: {id: "${id}", description: "New"}) { webhook { findings { code } } }`;
  const { data, errors } = await gateway.query(`mutation { first: ${change} second: ${change} }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    first: { webhook: { findings: [{ code: 'DUPLICATE_SUBSCRIPTION' }] } },
    second: { webhook: { findings: [] } },
  });
});

test('of many duplicates ten are named, so that findings of findings stay small', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => twin(`twin-${index}`));
  const gateway = await openStubGateway({
    personio: ({ url }) => (url.includes('?') ? personioPage(rows) : single(rows, url)),
  });
  const { data } = await gateway.query<{ webhook: { findings: { otherWebhook: { findings: unknown[] } }[] } }>(
    'query($id: ID!) { webhook(id: $id) { findings { otherWebhook { findings { code } } } } }',
    { id: globalId('PERSONIO', 'twin-0') },
  );
  expect(data.webhook.findings.map(({ otherWebhook }) => otherWebhook.findings.length)).toEqual(Array(10).fill(10));
});
