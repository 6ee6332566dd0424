import { expect, test } from 'vitest';
import { FOREIGN_WEBHOOK_ID, PERSONIO_WEBHOOK_IDS as ids } from '../../src/sandbox/personio/seeded-webhooks.ts';
import {
  type ApiClient,
  askForToken,
  type Body,
  connectPersonio,
  openSandbox,
  personioContract,
  readAll,
  send,
} from './sandbox-client.ts';

const WEBHOOKS = '/v2/webhooks';
const minimal = { url: 'https://example.com/new', description: 'New', enabled_events: ['person.created'] };
const malformed = (detail: string) => [{ title: 'Input must be a valid JSON', detail }];

async function open(): Promise<ApiClient> {
  const { sandbox } = await openSandbox();
  return connectPersonio(sandbox);
}

test('a webhook created without status and auth_type starts DISABLED with TOKEN; the answer is its id alone', async () => {
  const client = await open();
  const { status, body } = await client.call('POST', WEBHOOKS, minimal);
  expect(status).toBe(201);
  expect(Object.keys(body)).toEqual(['id']);
  expect((await client.get(`${WEBHOOKS}/${body.id}`)).body).toEqual({
    id: body.id,
    ...minimal,
    status: 'DISABLED',
    auth_type: 'TOKEN',
    created_at: '2026-11-21T12:00:00.000Z',
    updated_at: '2026-11-21T12:00:00.000Z',
  });
});

test('a new webhook is the last of the list, without activity and events', async () => {
  const client = await open();
  const { body } = await client.call('POST', WEBHOOKS, minimal);
  expect((await readAll(client, WEBHOOKS)).at(-1).id).toBe(body.id);
  expect((await client.get(`${WEBHOOKS}/${body.id}/activity`)).body).toEqual({ _data: [], _meta: { links: {} } });
  expect((await client.get(`${WEBHOOKS}/${body.id}/events`)).body).toEqual({ _data: [], _meta: { links: {} } });
});

test('the token that was sent never comes back', async () => {
  const client = await open();
  const { body } = await client.call('POST', WEBHOOKS, { ...minimal, token: 'top-secret-value' });
  expect((await client.get(`${WEBHOOKS}/${body.id}`)).body).not.toHaveProperty('token');
});

test('an update changes the given fields only, and answers the id alone', async () => {
  const { sandbox, clock } = await openSandbox();
  const client = await connectPersonio(sandbox);
  const path = `${WEBHOOKS}/${ids.healthy}`;
  const before = await client.get(path);
  clock.nowMs += 60_000;
  const { status, body } = await client.call('PATCH', path, { description: 'Renamed' });
  expect([status, body]).toEqual([200, { id: ids.healthy }]);
  expect((await client.get(path)).body).toEqual({
    ...before.body,
    description: 'Renamed',
    updated_at: '2026-11-21T12:01:00.000Z',
  });
});

test('an update may repeat the own URL', async () => {
  const client = await open();
  const { body } = await client.get(`${WEBHOOKS}/${ids.healthy}`);
  expect((await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { url: body.url })).status).toBe(200);
});

test('the bare webhook shows all its fields once it was updated', async () => {
  const client = await open();
  await client.call('PATCH', `${WEBHOOKS}/${ids.bare}`, { status: 'DISABLED' });
  expect((await client.get(`${WEBHOOKS}/${ids.bare}`)).body).toMatchObject({
    status: 'DISABLED',
    enabled_events: ['person.updated'],
  });
});

test('JSON under another content type gets 400', async () => {
  const { sandbox } = await openSandbox();
  const { body: token } = await askForToken(sandbox, {});
  const { status } = await send(personioContract, sandbox.personio.baseUrl, 'POST', WEBHOOKS, {
    headers: { authorization: `Bearer ${token.access_token}`, 'content-type': 'text/plain' },
    body: JSON.stringify(minimal),
  });
  expect(status).toBe(400);
});

test('a list of events replaces the former one', async () => {
  const client = await open();
  await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { enabled_events: ['document.signed'] });
  expect((await client.get(`${WEBHOOKS}/${ids.healthy}`)).body.enabled_events).toEqual(['document.signed']);
});

test('a deleted webhook is gone; to delete it again is 404', async () => {
  const client = await open();
  expect((await client.call('DELETE', `${WEBHOOKS}/${ids.idle}`)).status).toBe(204);
  expect((await client.get(`${WEBHOOKS}/${ids.idle}`)).status).toBe(404);
  expect((await client.call('DELETE', `${WEBHOOKS}/${ids.idle}`)).status).toBe(404);
});

test('a URL that another webhook has is 409 with the id of that one', async () => {
  const client = await open();
  const { url } = (await client.get(`${WEBHOOKS}/${ids.outage}`)).body;
  const conflict = {
    title: 'Duplicate URL',
    detail: 'Another webhook configuration with identical URL exists.',
    _meta: { id: ids.outage },
  };
  for (const answer of [
    await client.call('POST', WEBHOOKS, { ...minimal, url }),
    await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { url }),
  ]) {
    expect([answer.status, answer.body.errors]).toEqual([409, [conflict]]);
  }
});

test.each([
  ['http://example.com/callback', 'URL does not use HTTPS scheme.'],
  ['ftp://example.com/', 'URL does not use HTTPS scheme.'],
  ['https://10.1.1.1/callback', 'Hostname does not resolve to a valid address.'],
  ['https://127.0.0.1/', 'Hostname does not resolve to a valid address.'],
  ['https://2130706433/', 'Hostname does not resolve to a valid address.'],
  ['https://0x7f.1/', 'Hostname does not resolve to a valid address.'],
  ['https://169.254.169.254/latest', 'Hostname does not resolve to a valid address.'],
  ['https://[::1]/', 'Hostname does not resolve to a valid address.'],
  ['https://[::ffff:10.0.0.1]/', 'Hostname does not resolve to a valid address.'],
  ['https://[fd00::1]/', 'Hostname does not resolve to a valid address.'],
  ['https://localhost:8443/', 'Hostname does not resolve to a valid address.'],
  ['https://api.localhost./', 'Hostname does not resolve to a valid address.'],
  ['https://printer.local/', 'Hostname does not resolve to a valid address.'],
  ['https://hooks.example.invalid/', 'Hostname does not resolve to a valid address.'],
  ['https://hooks.test/', 'Hostname does not resolve to a valid address.'],
  ['https://intranet/', 'Hostname does not resolve to a valid address.'],
  ['nonsense', 'URL is malformed.'],
])('the URL %s gets 422: %s', async (url, detail) => {
  const client = await open();
  for (const answer of [
    await client.call('POST', WEBHOOKS, { ...minimal, url }),
    await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { url }),
  ]) {
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([{ title: 'The URL is considered invalid.', detail }]);
  }
});

test.each([
  'https://8.8.8.8/hook',
  'https://[2606:4700::1111]/hook',
  'https://example.com/',
  'https://ok.receiver.example/x',
])('the URL %s is accepted', async (url) => {
  const client = await open();
  expect((await client.call('POST', WEBHOOKS, { ...minimal, url })).status).toBe(201);
});

test.each([
  ['{"url"', 'The request body is not a valid JSON object'],
  ['[]', 'The request body is not a valid JSON object'],
  ['null', 'The request body is not a valid JSON object'],
  ['{"description":"a\\u0000b"}', 'The request body is not a valid JSON object'],
  [{ status: 'ON' }, 'Invalid value for field: status. Supported values are [ENABLED, DISABLED]'],
  [{ status: null }, 'Invalid value for field: status. Supported values are [ENABLED, DISABLED]'],
  [{ url: 1 }, 'Invalid value for field: url. A string is expected'],
  [{ description: null }, 'Invalid value for field: description. A string is expected'],
  [{ token: 'a\nb' }, 'Invalid value for field: token. It cannot be sent in a header'],
  [{ enabled_events: 'person.created' }, 'Invalid value for field: enabled_events. A list of event names is expected'],
  [{ enabled_events: [1] }, 'Invalid value for field: enabled_events. A list of event names is expected'],
])('an update with %j gets 400', async (body, detail) => {
  const client = await open();
  const answer = await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual(malformed(detail));
});

test.each(['url', 'description', 'enabled_events'])('a create without %s gets 400', async (name) => {
  const client = await open();
  const answer = await client.call('POST', WEBHOOKS, { ...minimal, [name]: undefined });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual(malformed(`Missing required field: ${name}`));
});

test('an unsupported auth_type gets the documented 401, which is no matter of the token', async () => {
  const client = await open();
  const errors = [{ title: 'Invalid authentication', detail: 'The authentication type is unsupported.' }];
  for (const answer of [
    await client.call('POST', WEBHOOKS, { ...minimal, auth_type: 'BASIC' }),
    await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { auth_type: 'BASIC' }),
  ]) {
    expect([answer.status, answer.body.errors]).toEqual([401, errors]);
  }
});

test.each([
  ['four headers', { A: '1', B: '2', C: '3', D: '4' }, 'At most 3 headers are supported'],
  ['host', { host: 'x' }, "The header 'host' is not allowed"],
  ['a name that begins with te', { 'Tenant-Id': 'x' }, "The header 'Tenant-Id' is not allowed"],
  ['a name that begins with content-type', { 'CONTENT-TYPE-X': 'x' }, "The header 'CONTENT-TYPE-X' is not allowed"],
  ['a malformed name', { 'X Y': 'x' }, "The header 'X Y' is malformed"],
  ['a value that is no string', { 'X-A': 1 }, 'An object of strings is expected'],
  ['no object', ['X-A'], 'An object of strings is expected'],
])('custom headers with %s get 400', async (_name, headers, rule) => {
  const client = await open();
  const answer = await client.call('POST', WEBHOOKS, { ...minimal, auth_type: 'CUSTOM', custom_headers: headers });
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual(malformed(`Invalid value for field: custom_headers. ${rule}`));
});

test('custom headers need CUSTOM, be it new or from before', async () => {
  const client = await open();
  const custom_headers = { Authorization: 'Bearer x', 'X-B': '2', 'X-C': '3' };
  expect((await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, { custom_headers })).status).toBe(400);
  expect((await client.call('PATCH', `${WEBHOOKS}/${ids.customHeaders}`, { custom_headers })).status).toBe(200);
  const both = { auth_type: 'CUSTOM', custom_headers };
  expect((await client.call('PATCH', `${WEBHOOKS}/${ids.healthy}`, both)).status).toBe(200);
});

test.each([
  ['POST', WEBHOOKS, minimal],
  ['PATCH', `${WEBHOOKS}/${ids.healthy}`, { status: 'DISABLED' }],
  ['DELETE', `${WEBHOOKS}/${ids.healthy}`, undefined],
  ['POST', `${WEBHOOKS}/${ids.healthy}/ping`, undefined],
  ['POST', `${WEBHOOKS}/${ids.healthy}/test-event`, { event_name: 'person.updated' }],
  ['POST', `${WEBHOOKS}/${ids.healthy}/redelivery`, { 'occurred_at.gte': '2026-11-21T11:00:00Z' }],
])('the read-only client gets 403 for %s %s', async (method, path, body) => {
  const { sandbox } = await openSandbox();
  const client = await connectPersonio(sandbox, 'papi-sandbox-read-only');
  const answer = await client.call(method, path, body);
  expect(answer.status).toBe(403);
  expect(answer.body.errors).toEqual(errorsOf('WebhookAccessForbiddenErrorResponse'));
  expect((await client.get(`${WEBHOOKS}/${ids.healthy}`)).body.status).toBe('ENABLED');
});

test.each([
  ['PATCH', ''],
  ['DELETE', ''],
  ['POST', '/ping'],
  ['POST', '/test-event'],
  ['POST', '/redelivery'],
])('%s /v2/webhooks/{id}%s of an unknown id is 404, of another company 403', async (method, rest) => {
  const client = await open();
  const body = method === 'DELETE' || rest === '/ping' ? undefined : {};
  expect((await client.call(method, `${WEBHOOKS}/unknown${rest}`, body)).status).toBe(404);
  expect((await client.call(method, `${WEBHOOKS}/${FOREIGN_WEBHOOK_ID}${rest}`, body)).status).toBe(403);
});

test('every create and update example of the OpenAPI file gets its documented answer', async () => {
  const client = await open();
  const update = `${WEBHOOKS}/${ids.disabled}`;
  const example = personioContract.example;
  expect((await client.call('PATCH', update, example('ValidUpdateWebhookRequestPayload'))).status).toBe(200);
  const badUrl = await client.call('PATCH', update, example('InvalidUrlUpdateWebhookRequestPayload'));
  expect([badUrl.status, badUrl.body.errors]).toEqual([422, errorsOf('InvalidUrlPayloadResponse')]);
  const badHost = await client.call('PATCH', update, example('InvalidHostnameWebhookRequestPayload'));
  expect([badHost.status, badHost.body.errors]).toEqual([422, errorsOf('InvalidHostnamePayloadResponse')]);
  expect((await client.call('DELETE', update)).status).toBe(204);

  for (const name of personioContract.exampleNames('AuthRequestPayload').concat('ValidCreateWebhookRequestPayload')) {
    const { status, body } = await client.call('POST', WEBHOOKS, example(name));
    expect([name, status]).toEqual([name, 201]);
    expect((await client.call('DELETE', `${WEBHOOKS}/${body.id}`)).status).toBe(204);
  }
});

function errorsOf(name: string): Body {
  const { errors }: Body = personioContract.example(name);
  return errors;
}
