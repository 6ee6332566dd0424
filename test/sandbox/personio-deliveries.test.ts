import { expect, test } from 'vitest';
import { PERSONIO_WEBHOOK_IDS as ids } from '../../src/sandbox/personio/seeded-webhooks.ts';
import type { SandboxOptions } from '../../src/sandbox/start-sandbox.ts';
import { type Body, connectPersonio, openSandbox, personioContract, readAll } from './sandbox-client.ts';

const path = (id: string, rest: string) => `/v2/webhooks/${id}/${rest}`;

async function open(options?: SandboxOptions) {
  const { sandbox, clock } = await openSandbox(options);
  return { sandbox, clock, client: await connectPersonio(sandbox), deliveries: sandbox.receiver.deliveries };
}

async function createAt(client: Awaited<ReturnType<typeof open>>['client'], url: string, rest: object = {}) {
  const fields = { url, description: 'Test', enabled_events: ['person.created'], ...rest };
  const { body } = await client.call('POST', '/v2/webhooks', fields);
  return body.id;
}

test('a ping really arrives, with the envelope and the token as it is', async () => {
  const { client, deliveries } = await open();
  const { status, body } = await client.call('POST', path(ids.healthy, 'ping'));
  expect([status, body]).toEqual([
    200,
    {
      completed_at: '2026-11-21T12:00:00.000Z',
      event_name: 'ping',
      is_delivered: true,
      attempts: 1,
      status_code: 200,
    },
  ]);
  expect(deliveries).toHaveLength(1);
  expect(deliveries[0]).toMatchObject({ method: 'POST', host: 'ok.receiver.example', path: '/hr-sync/people' });
  expect(deliveries[0]?.headers).toMatchObject({
    authorization: 'Bearer sandbox-delivery-token',
    'content-type': 'application/json',
  });
  expect(JSON.parse(deliveries[0]?.body ?? '')).toEqual({
    company_id: '123',
    event_name: 'ping',
    occurred_at: '2026-11-21T12:00:00.000Z',
    payload: {},
  });
});

test('a webhook with custom headers sends them and no token', async () => {
  const { client, deliveries } = await open();
  await client.call('POST', path(ids.customHeaders, 'ping'));
  expect(deliveries[0]?.headers).toMatchObject({ 'x-api-key': 'sandbox-api-key', 'x-environment': 'sandbox' });
  expect(deliveries[0]?.headers).not.toHaveProperty('authorization');
});

test('a webhook without authentication sends neither, even where it has a token from before', async () => {
  const { client, deliveries } = await open();
  await client.call('POST', path(ids.noAuthentication, 'ping'));
  await client.call('PATCH', `/v2/webhooks/${ids.healthy}`, { auth_type: 'NONE' });
  await client.call('POST', path(ids.healthy, 'ping'));
  expect(deliveries).toHaveLength(2);
  for (const { headers } of deliveries) expect(headers).not.toHaveProperty('authorization');
});

test('a token that was changed is the one that arrives', async () => {
  const { client, deliveries } = await open();
  await client.call('PATCH', `/v2/webhooks/${ids.healthy}`, { token: 'ApiKey 42' });
  await client.call('POST', path(ids.healthy, 'ping'));
  expect(deliveries[0]?.headers.authorization).toBe('ApiKey 42');
});

test('a disabled webhook can be pinged', async () => {
  const { client, deliveries } = await open();
  expect((await client.call('POST', path(ids.disabled, 'ping'))).body.is_delivered).toBe(true);
  expect(deliveries).toHaveLength(1);
});

test.each([
  ['ok', true, 200],
  ['anything', true, 200],
  ['fail', false, 500],
  ['gone', false, 410],
  ['unauthorized', false, 401],
  ['redirect', false, 302],
  ['slow', true, 200],
  ['text', true, 200],
  ['long', true, 200],
  ['hang', false, null],
  ['close', false, null],
])(
  'a ping to %s.receiver.example ends with is_delivered %s and status code %s',
  async (label, isDelivered, statusCode) => {
    const { client, deliveries } = await open({ deliveryTimeoutMs: label === 'hang' ? 100 : 2000 });
    const id = await createAt(client, `https://${label}.receiver.example/hook`);
    const { status, body } = await client.call('POST', path(id, 'ping'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ is_delivered: isDelivered, attempts: 1, status_code: statusCode });
    expect(deliveries).toHaveLength(1);
  },
);

test.each([
  'https://example.com/callback',
  'https://receiver.example/',
  'https://8.8.8.8/',
  'https://ok.receiver.example.com/',
])('a ping to %s reaches nobody', async (url) => {
  const { client, deliveries } = await open();
  const { body } = await client.call('POST', path(await createAt(client, url), 'ping'));
  expect(body).toMatchObject({ is_delivered: false, status_code: null });
  expect(deliveries).toEqual([]);
});

test('a ping stands on top of the activity, as an ordinary delivery', async () => {
  const { client } = await open();
  const { body } = await client.call('POST', path(ids.failing, 'ping'));
  const activity = await client.get(`${path(ids.failing, 'activity')}?limit=1`);
  expect(activity.body._data).toEqual([{ ...body, redelivery_id: null }]);
  expect(body).toMatchObject({ is_delivered: false, status_code: 500 });
});

test('a test event carries its payload nested', async () => {
  const { client, deliveries } = await open();
  await client.call('PATCH', `/v2/webhooks/${ids.disabled}`, { enabled_events: ['document.signed'] });
  const { status, body } = await client.call('POST', path(ids.disabled, 'test-event'), {
    event_name: 'document.signed',
    payload_data: { 'document.id': '7', 'document.owner.id': '456', note: 'x' },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ event_name: 'document.signed', is_delivered: true, status_code: 200 });
  expect(body).not.toHaveProperty('redelivery_id');
  expect(JSON.parse(deliveries[0]?.body ?? '')).toMatchObject({
    event_name: 'document.signed',
    payload: { document: { id: '7', owner: { id: '456' } }, note: 'x' },
  });
});

test('both test-event examples of the OpenAPI file get their documented answers', async () => {
  const { client } = await open();
  const good = personioContract.example('SendTestEventPersonRequestPayload');
  expect((await client.call('POST', path(ids.healthy, 'test-event'), good)).body).toEqual({
    completed_at: '2026-11-21T12:00:00.000Z',
    event_name: 'person.updated',
    is_delivered: true,
    attempts: 1,
    status_code: 200,
  });
  const bad = personioContract.example('SendTestEventMissingPayloadRequestPayload');
  const answer = await client.call('POST', path(ids.healthy, 'test-event'), bad);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([
    {
      title: 'Missing required payload data',
      detail: "The test event payload requires field 'person.id' in the 'payload_data' object",
    },
  ]);
});

test('each missing payload key is named', async () => {
  const { client } = await open();
  const answer = await client.call('POST', path(ids.disabled, 'test-event'), { event_name: 'document.signed' });
  expect(answer.body.errors.map(({ detail }: Body) => detail)).toEqual([
    "The test event payload requires field 'document.id' in the 'payload_data' object",
    "The test event payload requires field 'document.owner.id' in the 'payload_data' object",
  ]);
});

test.each([
  ['an event that is not enabled', { event_name: 'document.signed', payload_data: {} }],
  ['an unknown event', { event_name: 'nobody.knows' }],
  ['ping', { event_name: 'ping' }],
  ['no event', { payload_data: {} }],
  ['a number in the payload', { event_name: 'person.updated', payload_data: { 'person.id': 456 } }],
  ['a nested payload', { event_name: 'person.updated', payload_data: { person: { id: '456' } } }],
  ['a payload that is null', { event_name: 'person.updated', payload_data: null }],
  [
    'a key that is a value and a parent',
    { event_name: 'person.updated', payload_data: { 'person.id': '1', person: '2' } },
  ],
  ['JSON that ends too early', '{"event_name":'],
])('a test event with %s gets 400 and is not sent', async (_name, body) => {
  const { client, deliveries } = await open();
  expect((await client.call('POST', path(ids.healthy, 'test-event'), body)).status).toBe(400);
  expect(deliveries).toEqual([]);
});

test('an enabled event that no catalogue names cannot be sent as a test', async () => {
  const { client } = await open();
  const answer = await client.call('POST', path(ids.unknownEvent, 'test-event'), { event_name: 'payroll-run.closed' });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0].detail).toBe("Unknown event name 'payroll-run.closed'");
});

test('a payload key named __proto__ is a key like any other', async () => {
  const { client, deliveries } = await open();
  const body = '{"event_name":"person.updated","payload_data":{"person.id":"1","__proto__.polluted":"yes"}}';
  expect((await client.call('POST', path(ids.healthy, 'test-event'), body)).status).toBe(200);
  expect(deliveries[0]?.body).toContain('"__proto__":{"polluted":"yes"}');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('a redelivery sends the events of its window again and logs them under its id', async () => {
  const { client, deliveries } = await open();
  const window = { 'occurred_at.gte': '2026-11-21T06:00:00.000Z', 'occurred_at.lte': '2026-11-21T11:00:00.000Z' };
  const events = await readAll(client, `${path(ids.customHeaders, 'events')}?${new URLSearchParams(window)}`);
  expect(events.length).toBeGreaterThan(5);

  const { status, body } = await client.call('POST', path(ids.customHeaders, 'redelivery'), window);
  expect(status).toBe(202);
  const runPath = `${path(ids.customHeaders, 'activity')}?redelivery_id=${body.redelivery_id}`;
  await expect.poll(() => readAll(client, runPath)).toHaveLength(events.length);

  const run = await readAll(client, runPath);
  for (const item of run) {
    expect(item).toMatchObject({ is_delivered: true, status_code: 200, redelivery_id: body.redelivery_id });
  }
  const byTime = (a: Body, b: Body) => (a.occurred_at < b.occurred_at ? 1 : -1);
  expect(deliveries.map((delivery) => JSON.parse(delivery.body)).toSorted(byTime)).toEqual(events);
  expect(deliveries[0]?.headers).toMatchObject({ 'x-api-key': 'sandbox-api-key' });
});

test('a redelivery to a receiver that still fails is logged as failed', async () => {
  const { client } = await open();
  const window = { 'occurred_at.gte': '2026-11-21T10:00:00.000Z' };
  const { body } = await client.call('POST', path(ids.failing, 'redelivery'), window);
  const runPath = `${path(ids.failing, 'activity')}?redelivery_id=${body.redelivery_id}&is_delivered=false`;
  await expect.poll(async () => (await readAll(client, runPath)).length).toBeGreaterThan(0);
});

test('a window without events is accepted and logs nothing', async () => {
  const { client, deliveries } = await open();
  const window = { 'occurred_at.lte': '2026-11-20T00:00:00.000Z' };
  expect((await client.call('POST', path(ids.idle, 'redelivery'), window)).status).toBe(202);
  expect(deliveries).toEqual([]);
});

test.each(['RedeliveryWindowRequest', 'RedeliveryOpenEndedRequest'])(
  '%s of the OpenAPI file is too old by now: 422',
  async (name) => {
    const { client } = await open();
    const answer = await client.call('POST', path(ids.healthy, 'redelivery'), personioContract.example(name));
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].detail).toBe('Events older than 30 days cannot be redelivered');
  },
);

test.each([
  ['no bound', {}, 400],
  ['a bound that is no time', { 'occurred_at.gte': 'yesterday' }, 400],
  ['a bound that is null', { 'occurred_at.gte': null }, 400],
  ['broken JSON', '{', 400],
  [
    'an end before the start',
    { 'occurred_at.gte': '2026-11-21T10:00:00Z', 'occurred_at.lte': '2026-11-20T10:00:00Z' },
    422,
  ],
  ['more than 100 events', { 'occurred_at.gte': '2026-11-15T10:00:00Z' }, 422],
])('a redelivery with %s gets %i', async (_name, body, status) => {
  const { client, deliveries } = await open();
  const answer = await client.call('POST', path(ids.healthy, 'redelivery'), body);
  expect(answer.status).toBe(status);
  if (Object.keys(body).length === 0) {
    expect(answer.body.errors).toEqual([
      { title: 'Missing time window', detail: 'One of occurred_at.gte and occurred_at.lte is needed' },
    ]);
  }
  expect(deliveries).toEqual([]);
});

test('the 501st redelivered event of an hour gets 429 with Retry-After, and an hour later it passes', async () => {
  const { clock, client } = await open();
  const at = (hoursAgo: number) => new Date(clock.nowMs - hoursAgo * 3_600_000).toISOString();
  const redeliver = (fromHoursAgo: number, toHoursAgo: number) =>
    client.call('POST', path(ids.degraded, 'redelivery'), {
      'occurred_at.gte': at(fromHoursAgo),
      'occurred_at.lte': at(toHoursAgo),
    });
  await client.call('PATCH', `/v2/webhooks/${ids.degraded}`, { url: 'https://example.com/not-reachable' });
  // 60 events a day: eight days are 480.
  for (let day = 0; day < 8; day += 1) expect((await redeliver(day * 24 + 24, day * 24)).status).toBe(202);
  const refused = await redeliver(9 * 24, 8 * 24);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('3600');
  clock.nowMs += 3_600_000;
  expect((await redeliver(9 * 24, 8 * 24)).status).toBe(202);
});
