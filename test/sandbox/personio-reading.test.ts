import { expect, test } from 'vitest';
import { FOREIGN_WEBHOOK_ID, PERSONIO_WEBHOOK_IDS as ids } from '../../src/sandbox/personio/seeded-webhooks.ts';
import {
  type ApiClient,
  askForToken,
  type Body,
  connectPersonio,
  cursorOf,
  openSandbox,
  readAll,
} from './sandbox-client.ts';

const ACTIVITY = `/v2/webhooks/${ids.degraded}/activity`;
const EVENTS = `/v2/webhooks/${ids.degraded}/events`;
/** With a past redelivery and bulk imports. */
const BUSY_ACTIVITY = `/v2/webhooks/${ids.healthy}/activity`;
const badFilter = [{ title: 'Invalid filter value', detail: 'The value of a filter is not supported' }];

async function open(): Promise<ApiClient> {
  const { sandbox } = await openSandbox();
  return connectPersonio(sandbox);
}

const range = (name: string, gte: string, lte: string) => `${name}.gte=${gte}&${name}.lte=${lte}`;

test('webhooks come in the order of their creation, page by page, each once', async () => {
  const client = await open();
  const all = await readAll(client, '/v2/webhooks');
  expect(all.map(({ id }) => id)).toEqual(Object.values(ids));
  expect(await readAll(client, '/v2/webhooks', 3)).toEqual(all);
});

test('the next link is absolute, names the production host and holds nothing but the cursor', async () => {
  const client = await open();
  const { body } = await client.get(`${ACTIVITY}?limit=2&is_delivered=true`);
  const { href } = body._meta.links.next;
  expect(href).toMatch(/^https:\/\/api\.personio\.de\/v2\/webhooks\/[0-9a-f-]+\/activity\?cursor=cur_[\w-]+$/);
  expect(body._data).toHaveLength(2);
});

test('the last page has no next link', async () => {
  const client = await open();
  const { body } = await client.get('/v2/webhooks?limit=200');
  expect(body._meta).toEqual({ links: {} });
  expect(cursorOf((await client.get('/v2/webhooks?limit=16')).body)).toBeNull();
  expect(cursorOf((await client.get('/v2/webhooks?limit=15')).body)).not.toBeNull();
});

test('a page holds 100 unless asked otherwise', async () => {
  const client = await open();
  expect((await client.get(ACTIVITY)).body._data).toHaveLength(100);
  expect((await client.get(EVENTS)).body._data).toHaveLength(100);
});

test('webhooks are filtered by status and by one event', async () => {
  const client = await open();
  const disabled = await readAll(client, '/v2/webhooks?status=DISABLED');
  expect(disabled.map(({ id }) => id)).toEqual([ids.disabled, ids.noEvents, ids.legacy]);
  const signed = await readAll(client, '/v2/webhooks?enabled_events=document.signed');
  expect(signed.map(({ id }) => id)).toEqual([ids.disabled]);
  expect(await readAll(client, '/v2/webhooks?enabled_events=nobody.knows')).toEqual([]);
});

test('a single webhook is the bare object and never shows its token', async () => {
  const client = await open();
  const { body } = await client.get(`/v2/webhooks/${ids.healthy}`);
  expect(body).toEqual({
    id: ids.healthy,
    url: 'https://ok.receiver.example/hr-sync/people',
    description: 'People sync to the data warehouse',
    status: 'ENABLED',
    auth_type: 'TOKEN',
    enabled_events: expect.arrayContaining(['person.updated']),
    created_at: '2025-10-05T12:00:00.000Z',
    updated_at: '2025-10-05T12:00:00.000Z',
  });
});

test('a CUSTOM webhook shows its header values, so that a gateway has something to redact', async () => {
  const client = await open();
  const { body } = await client.get(`/v2/webhooks/${ids.customHeaders}`);
  expect(body.custom_headers).toEqual({ 'X-Api-Key': 'sandbox-api-key', 'X-Environment': 'sandbox' });
  expect(body).not.toHaveProperty('token');
});

test('the bare webhook shows only what the contract guarantees', async () => {
  const client = await open();
  const { body } = await client.get(`/v2/webhooks/${ids.bare}`);
  expect(Object.keys(body)).toEqual(['id', 'url', 'description']);
});

test.each(['', '/activity', '/events'])(
  'GET /v2/webhooks/{id}%s of an unknown id is 404, of another company 403',
  async (rest) => {
    const client = await open();
    const unknown = await client.get(`/v2/webhooks/00000000-0000-4000-8000-000000000000${rest}`);
    expect(unknown.status).toBe(404);
    expect(unknown.body.errors).toEqual([
      { title: 'Webhook not found', detail: 'No webhook found matching the given id' },
    ]);
    const foreign = await client.get(`/v2/webhooks/${FOREIGN_WEBHOOK_ID}${rest}`);
    expect(foreign.status).toBe(403);
    expect(foreign.body.errors).toEqual([
      { title: 'Access denied', detail: 'Access denied to perform webhook operations' },
    ]);
  },
);

test('activity and events are newest first', async () => {
  const client = await open();
  const completed = (await readAll(client, ACTIVITY)).map(({ completed_at }) => completed_at);
  expect(completed).toEqual(completed.toSorted().toReversed());
  const occurred = (await readAll(client, EVENTS)).map(({ occurred_at }) => occurred_at);
  expect(occurred).toEqual(occurred.toSorted().toReversed());
  expect(occurred.length).toBeGreaterThan(1500);
});

test('activity is filtered by time with both ends included', async () => {
  const client = await open();
  const all = await readAll(client, ACTIVITY);
  const [newest, oldest] = [all[10], all[30]];
  const some = await readAll(client, `${ACTIVITY}?${range('completed_at', oldest.completed_at, newest.completed_at)}`);
  expect(some).toEqual(all.slice(10, 31));
});

test('events are filtered by time with both ends included, and by name', async () => {
  const client = await open();
  const all = await readAll(client, EVENTS);
  const window = range('occurred_at', all[30].occurred_at, all[10].occurred_at);
  expect(await readAll(client, `${EVENTS}?${window}`)).toEqual(all.slice(10, 31));
  const named = await readAll(client, `${EVENTS}?${window}&event_name=person.updated`);
  expect(named).toEqual(all.slice(10, 31).filter(({ event_name }) => event_name === 'person.updated'));
});

test('a time with another offset is the same time', async () => {
  const client = await open();
  const utc = await readAll(client, `${ACTIVITY}?completed_at.gte=2026-11-21T09:00:00Z`);
  const berlin = await readAll(
    client,
    `${ACTIVITY}?completed_at.gte=${encodeURIComponent('2026-11-21T10:00:00+01:00')}`,
  );
  expect(berlin).toEqual(utc);
  expect(utc.length).toBeGreaterThan(0);
});

test('activity is filtered by outcome, event and redelivery, and the filters add up', async () => {
  const client = await open();
  const all = await readAll(client, BUSY_ACTIVITY);
  const failed = await readAll(client, `${BUSY_ACTIVITY}?is_delivered=false`);
  expect(failed).toEqual(all.filter(({ is_delivered }) => !is_delivered));
  const redeliveryId = '2da86fee-6e01-488b-9071-e6ad49a33c80';
  const run = await readAll(client, `${BUSY_ACTIVITY}?redelivery_id=${redeliveryId}`);
  expect(run).toEqual(all.filter(({ redelivery_id }) => redelivery_id === redeliveryId));
  expect(run.length).toBeGreaterThan(3);
  const [first] = run;
  const both = await readAll(client, `${BUSY_ACTIVITY}?redelivery_id=${redeliveryId}&event_name=${first.event_name}`);
  expect(both).toEqual(run.filter(({ event_name }) => event_name === first.event_name));
});

test('filters hold when they are repeated with a cursor, and are forgotten when they are not', async () => {
  const client = await open();
  const first = await client.get(`${ACTIVITY}?is_delivered=false&limit=1`);
  const cursor = cursorOf(first.body);
  const repeated = await client.get(`${ACTIVITY}?is_delivered=false&limit=5&cursor=${cursor}`);
  expect(repeated.body._data.map((item: Body) => item.is_delivered)).toEqual(Array(5).fill(false));
  const all = await readAll(client, ACTIVITY);
  const forgotten = await client.get(`${ACTIVITY}?limit=5&cursor=${cursor}`);
  const place = all.findIndex((item) => item.completed_at === first.body._data[0].completed_at);
  expect(forgotten.body._data).toEqual(all.slice(place + 1, place + 6));
});

test('paging neither loses nor repeats an item while new activity arrives', async () => {
  const client = await open();
  const before = await readAll(client, ACTIVITY);
  const seen: Body[] = [];
  let cursor: string | null = null;
  do {
    const { body }: Body = await client.get(`${ACTIVITY}?limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
    seen.push(...body._data);
    cursor = cursorOf(body);
    await client.call('POST', `/v2/webhooks/${ids.degraded}/ping`);
  } while (cursor !== null);
  expect(seen).toEqual(before);
  const after = await readAll(client, ACTIVITY);
  expect(after.slice(after.length - before.length)).toEqual(before);
  expect(after[0].event_name).toBe('ping');
});

test('paging one by one through entries of the same millisecond shows each of them', async () => {
  const client = await open();
  const instant = '2026-11-18T12:00:00.750Z';
  const bulk = await readAll(client, `${BUSY_ACTIVITY}?${range('completed_at', instant, instant)}`, 1);
  expect(bulk.length).toBeGreaterThanOrEqual(25);
  expect(bulk).toEqual(await readAll(client, `${BUSY_ACTIVITY}?${range('completed_at', instant, instant)}`));
});

test('nothing older than 30 days is shown', async () => {
  const { sandbox, clock } = await openSandbox({ personioTokenLifetimeSeconds: 10_000_000 });
  const client = await connectPersonio(sandbox);
  const before = await readAll(client, ACTIVITY);
  clock.nowMs += 10 * 86_400_000;
  const after = await readAll(client, `${ACTIVITY}?completed_at.gte=2020-01-01T00:00:00Z`);
  expect(after).toEqual(before.filter(({ completed_at }) => completed_at >= '2026-11-01T12:00:00.000Z'));
  expect(after.length).toBeLessThan(before.length);
});

test('is_delivered other than true and false gets the documented 422', async () => {
  const client = await open();
  const { status, body } = await client.get(`${ACTIVITY}?is_delivered=YES`);
  expect(status).toBe(422);
  expect(body.errors).toEqual([
    {
      title: 'Invalid value for filter: is_delivered',
      detail: 'Invalid value for filter: is_delivered. Supported values are [true, false].',
    },
  ]);
});

test.each([
  '/v2/webhooks?limit=0',
  '/v2/webhooks?limit=201',
  '/v2/webhooks?limit=-1',
  '/v2/webhooks?limit=1.5',
  '/v2/webhooks?limit=',
  '/v2/webhooks?status=enabled',
  '/v2/webhooks?cursor=cur_82sQwR2eZvKilo2duNh219Kw',
  '/v2/webhooks?cursor=',
  `${ACTIVITY}?limit=201`,
  `${ACTIVITY}?cursor=nonsense`,
  `${ACTIVITY}?completed_at.gte=yesterday`,
  `${ACTIVITY}?completed_at.lte=2026-11-21`,
  `${ACTIVITY}?completed_at.lte=2026-13-41T00:00:00Z`,
  `${EVENTS}?limit=abc`,
  `${EVENTS}?occurred_at.gte=0`,
])('%s gets 422', async (path) => {
  const client = await open();
  const { status, body } = await client.get(path);
  expect(status).toBe(422);
  expect(body.errors).toEqual(badFilter);
});

test('a damaged cursor and one of another list get 422', async () => {
  const client = await open();
  const cursor = cursorOf((await client.get(`${ACTIVITY}?limit=1`)).body) ?? '';
  const damaged = `${cursor.slice(0, 12)}${cursor[12] === 'A' ? 'B' : 'A'}${cursor.slice(13)}`;
  expect((await client.get(`${ACTIVITY}?cursor=${damaged}`)).status).toBe(422);
  expect((await client.get(`${EVENTS}?cursor=${cursor}`)).status).toBe(422);
});

test('a token without the read scope gets 403', async () => {
  const { sandbox } = await openSandbox();
  const client = await connectPersonio(sandbox, 'papi-sandbox', 'personio:webhooks:write');
  expect((await client.get('/v2/webhooks')).status).toBe(403);
});

test.each([
  ['GET', '/v2/nothing', 404],
  ['GET', '/v2/webhooks/%E0%A4%A/activity', 404],
  ['PUT', '/v2/webhooks', 405],
  ['GET', '/v2/auth/token', 405],
])('%s %s gets a problem with status %i', async (method, path, status) => {
  const { sandbox } = await openSandbox();
  const { body } = await askForToken(sandbox, {});
  const authorization = `Bearer ${body.access_token}`;
  const response = await fetch(sandbox.personio.baseUrl + path, { method, headers: { authorization } });
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
});
