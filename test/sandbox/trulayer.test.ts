import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { TRULAYER_WEBHOOK_IDS as ids, SEEDED_SECRET } from '../../src/sandbox/trulayer/seeded-webhooks.ts';
import { connectTruLayer, createClient, openSandbox, trulayerContract } from './sandbox-client.ts';

const WEBHOOKS = '/v1/webhooks';
const valid = { url: 'https://hooks.receiver.example/new', secret: 'sixteen-or-more-' };

async function open(apiKey?: string) {
  const { sandbox, clock } = await openSandbox();
  return { sandbox, clock, client: connectTruLayer(sandbox, apiKey), deliveries: sandbox.receiver.deliveries };
}

test('the list is one answer with all webhooks and no secret', async () => {
  const { client } = await open();
  const { status, body } = await client.get(WEBHOOKS);
  expect(status).toBe(200);
  expect(body.webhooks.map(({ id }: { id: string }) => id)).toEqual(Object.values(ids));
  expect(body.webhooks[0]).toEqual({
    id: ids.healthy,
    tenant_id: '018f1234-0000-7abc-def0-123456789abc',
    url: 'https://ok.receiver.example/trulayer/failures',
    events: ['failure.detected'],
    enabled: true,
    created_at: '2026-05-05T12:00:00.000Z',
    updated_at: '2026-05-05T12:00:00.000Z',
  });
  expect(JSON.stringify(body)).not.toContain('secret');
});

test('a created webhook comes back whole, with the defaults and without its secret', async () => {
  const { client } = await open();
  const { status, body } = await client.call('POST', WEBHOOKS, valid);
  expect(status).toBe(201);
  expect(body).toEqual({
    id: expect.any(String),
    tenant_id: '018f1234-0000-7abc-def0-123456789abc',
    url: valid.url,
    events: ['failure.detected'],
    enabled: true,
    created_at: '2026-11-21T12:00:00.000Z',
    updated_at: '2026-11-21T12:00:00.000Z',
  });
  expect((await client.get(WEBHOOKS)).body.webhooks.at(-1)).toEqual(body);
});

test('the same URL may be registered twice', async () => {
  const { client } = await open();
  expect((await client.call('POST', WEBHOOKS, valid)).status).toBe(201);
  expect((await client.call('POST', WEBHOOKS, { ...valid, enabled: false, events: [] })).status).toBe(201);
});

test.each(['CreateWebhookFullRequest', 'CreateWebhookMinimalRequest'])(
  '%s of the OpenAPI file is created',
  async (name) => {
    const { client } = await open();
    expect((await client.call('POST', WEBHOOKS, trulayerContract.example(name))).status).toBe(201);
  },
);

test.each([
  [{ url: valid.url }, 'secret is required'],
  [{ ...valid, secret: 'fifteen-letters' }, 'secret must be a string of at least 16 characters'],
  [{ ...valid, secret: 1 }, 'secret must be a string of at least 16 characters'],
  [{ secret: valid.secret }, 'url is required'],
  [{ ...valid, url: 'nonsense' }, 'url must be a URL'],
  [{ ...valid, events: 'failure.detected' }, 'events must be a list of strings'],
  [{ ...valid, enabled: 'yes' }, 'enabled must be a boolean'],
  ['{', 'body must be a JSON object'],
  ['[]', 'body must be a JSON object'],
])('a create with %j gets 400', async (body, error) => {
  const { client } = await open();
  const answer = await client.call('POST', WEBHOOKS, body);
  expect([answer.status, answer.body]).toEqual([400, { error }]);
});

test.each([
  ['http://example.com/', 'webhook.url.not_https'],
  ['https://192.168.0.1/', 'webhook.url.private_ip'],
  ['https://[::1]/', 'webhook.url.private_ip'],
  ['https://localhost/', 'webhook.url.unresolvable'],
  ['https://hooks.invalid/', 'webhook.url.unresolvable'],
])('the URL %s gets 422 with the key %s', async (url, error) => {
  const { client } = await open();
  const answer = await client.call('POST', WEBHOOKS, { ...valid, url });
  expect([answer.status, answer.body]).toEqual([422, { error }]);
});

test('a deleted webhook is gone; to delete it again is 404', async () => {
  const { client } = await open();
  expect((await client.call('DELETE', `${WEBHOOKS}/${ids.disabled}`)).status).toBe(204);
  expect((await client.get(WEBHOOKS)).body.webhooks).toHaveLength(5);
  const again = await client.call('DELETE', `${WEBHOOKS}/${ids.disabled}`);
  expect([again.status, again.body]).toEqual([404, trulayerContract.example('WebhookNotFound')]);
});

test('a test delivers a ping that is signed with the secret of the webhook', async () => {
  const { client, deliveries } = await open();
  const created = await client.call('POST', WEBHOOKS, valid);
  const { status, body } = await client.call('POST', `${WEBHOOKS}/${created.body.id}/test`);
  expect([status, body]).toEqual([200, { status: 200, body: '' }]);
  const delivery = deliveries[0];
  expect(JSON.parse(delivery?.body ?? '')).toEqual({
    type: 'ping',
    webhook_id: created.body.id,
    sent_at: '2026-11-21T12:00:00.000Z',
  });
  const expected = createHmac('sha256', valid.secret)
    .update(delivery?.body ?? '')
    .digest('hex');
  expect(delivery?.headers['x-trulayer-signature']).toBe(`sha256=${expected}`);
});

test('the seeded webhooks sign with the secret that the sandbox names', async () => {
  const { client, deliveries } = await open();
  await client.call('POST', `${WEBHOOKS}/${ids.disabled}/test`);
  const expected = createHmac('sha256', SEEDED_SECRET)
    .update(deliveries[0]?.body ?? '')
    .digest('hex');
  expect(deliveries[0]?.headers['x-trulayer-signature']).toBe(`sha256=${expected}`);
});

test.each([
  ['refused', { status: 401, body: 'invalid signature' }],
  ['unreachable', { status: 0, body: '' }],
  ['chatty', { status: 200, body: 'received with thanks' }],
] as const)('a test of the webhook named %s shows what the receiver answered', async (name, result) => {
  const { client } = await open();
  const { status, body } = await client.call('POST', `${WEBHOOKS}/${ids[name]}/test`);
  expect([status, body]).toEqual([200, result]);
});

test.each([
  ['https://hang.receiver.example/', 0, 0],
  ['https://example.com/', 0, 0],
  ['https://redirect.receiver.example/', 302, 0],
  ['https://long.receiver.example/', 200, 4096],
])('a test to %s answers status %i and %i characters of body', async (url, status, length) => {
  const { sandbox } = await openSandbox({ deliveryTimeoutMs: url.includes('hang') ? 100 : 2000 });
  const client = connectTruLayer(sandbox);
  const created = await client.call('POST', WEBHOOKS, { ...valid, url });
  const { body } = await client.call('POST', `${WEBHOOKS}/${created.body.id}/test`);
  expect([body.status, body.body.length]).toEqual([status, length]);
});

test('a webhook whose stored URL no longer passes the checks gets 422 for its test', async () => {
  const { client, deliveries } = await open();
  const answer = await client.call('POST', `${WEBHOOKS}/${ids.privateHost}/test`);
  expect([answer.status, answer.body]).toEqual([422, { error: 'webhook.url.private_ip' }]);
  expect(deliveries).toEqual([]);
});

test('a test of an unknown id is 404', async () => {
  const { client } = await open();
  const answer = await client.call('POST', `${WEBHOOKS}/00000000-0000-4000-8000-000000000000/test`);
  expect(answer.status).toBe(404);
});

test.each([
  ['tl_sandbox_query', 403, 'ScopeForbidden'],
  ['tl_sandbox_starter', 402, 'PlanUpgradeRequired'],
  ['tl_sandbox_revoked', 401, 'KeyRevoked'],
  ['tl_sandbox_throttled', 429, 'RateLimited'],
  ['tl_sandbox_broken', 500, 'InternalError'],
  ['tl_unknown', 401, 'MissingCredential'],
  ['constructor', 401, 'MissingCredential'],
])('the key %s gets %i for every operation', async (apiKey, status, example) => {
  const { client } = await open(apiKey);
  for (const answer of [
    await client.get(WEBHOOKS),
    await client.call('POST', WEBHOOKS, valid),
    await client.call('DELETE', `${WEBHOOKS}/${ids.healthy}`),
    await client.call('POST', `${WEBHOOKS}/${ids.healthy}/test`),
  ]) {
    expect([answer.status, answer.body]).toEqual([status, trulayerContract.example(example)]);
    expect(answer.headers.get('retry-after')).toBe(status === 429 ? '30' : null);
  }
});

test('no key at all gets 401', async () => {
  const { sandbox } = await open();
  const answer = await createClient(sandbox.trulayer.baseUrl, undefined, trulayerContract).get(WEBHOOKS);
  expect([answer.status, answer.body]).toEqual([401, trulayerContract.example('MissingCredential')]);
});

test('a member may create and test but not delete; a viewer may only list', async () => {
  const { sandbox } = await open();
  const attempt = async (apiKey: string) => {
    const client = connectTruLayer(sandbox, apiKey);
    return [
      (await client.get(WEBHOOKS)).status,
      (await client.call('POST', WEBHOOKS, valid)).status,
      (await client.call('POST', `${WEBHOOKS}/${ids.healthy}/test`)).status,
      (await client.call('DELETE', `${WEBHOOKS}/${ids.healthy}`)).status,
    ];
  };
  expect(await attempt('tl_sandbox_member')).toEqual([200, 201, 200, 403]);
  expect(await attempt('tl_sandbox_viewer')).toEqual([200, 403, 403, 403]);
});

test('every answer carries the limits, and the window ends at the minute', async () => {
  const { sandbox, clock } = await openSandbox({ trulayerRequestsPerMinute: 2 });
  clock.nowMs += 20_000;
  const client = connectTruLayer(sandbox);
  const answers = [await client.get(WEBHOOKS), await client.get(WEBHOOKS), await client.get(WEBHOOKS)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
  expect(answers[2]?.headers.get('x-ratelimit-limit')).toBe('2');
  expect(answers[2]?.headers.get('retry-after')).toBe('40');
  clock.nowMs += 40_000;
  expect((await client.get(WEBHOOKS)).status).toBe(200);
});
