import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSandboxGateway } from '../../support/gateway.ts';
import { type Answer, globalId, openStubGateway } from '../../support/stub-gateway.ts';
import { loadUpstreamContract } from '../../support/upstream-contract.ts';
import {
  OAUTH_ENVIRONMENT,
  PINGED_ID,
  personioRefusal,
  sentTo,
  UNSUPPORTED_AUTHENTICATION,
} from './written-requests.ts';

const contract = loadUpstreamContract('personio');
const ID = globalId('PERSONIO', PINGED_ID);
const PATH = `/v2/webhooks/${PINGED_ID}/test-event`;

const SEND = `mutation Send($input: SendTestEventInput!) {
  sendTestEvent(input: $input) {
    webhookId
    delivery { eventName isDelivered statusCode outcome attempts completedAt responseBody }
  }
}`;

const delivering: Answer = () => ({ body: contract.example('SuccessfulTestEventResponse') });
const event = (payload?: unknown, eventName = 'person.updated') => ({ input: { webhookId: ID, eventName, payload } });

/** `{ l1: { l2: … 'leaf' } }` with so many levels. */
function deep(levels: number): Record<string, unknown> {
  return { [`l${levels}`]: levels === 1 ? 'leaf' : deep(levels - 1) };
}

const leaves = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

describe('the examples of the OpenAPI file', () => {
  test('a nested payload becomes the dotted map of the request example', async () => {
    const gateway = await openStubGateway({ personio: delivering });
    const answered = await gateway.query(SEND, event({ person: { id: '456' } }));
    expect(answered).toEqual({
      status: 200,
      data: {
        sendTestEvent: {
          webhookId: ID,
          delivery: {
            eventName: 'person.updated',
            isDelivered: true,
            statusCode: 200,
            outcome: 'DELIVERED',
            attempts: 1,
            completedAt: '2023-01-01T12:51:00.000Z',
            responseBody: null,
          },
        },
      },
    });
    expect(sentTo(gateway.personio)).toEqual([
      ['POST', PATH, '{"event_name":"person.updated","payload_data":{"person.id":"456"}}'],
    ]);
    expect(JSON.parse(gateway.personio.requests[0]?.body ?? '')).toEqual(
      contract.example('SendTestEventPersonRequestPayload'),
    );
  });

  test('a missing payload key is the 400 of the example, named by its nested path', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 400, body: contract.example('TestEventMissingPayloadDataResponse') }),
    });
    const { data, errors } = await gateway.query(SEND, event({}));
    expect(data).toEqual({ sendTestEvent: null });
    const message = "The test event payload requires field 'person.id' in the 'payload_data' object";
    expect(errors?.map(({ path, extensions, message: text }) => ({ path, text, extensions }))).toEqual([
      {
        path: ['sendTestEvent'],
        text: message,
        extensions: {
          code: 'BAD_USER_INPUT',
          provider: 'PERSONIO',
          retryable: false,
          upstream: {
            status: 400,
            traceId: 'aswo3f-a202lfso-312123sld-1230ddd',
            timestamp: '2021-05-28T11:17:30Z',
            retryAfter: null,
            mayHaveSucceeded: false,
            problems: [{ title: 'Missing required payload data', detail: message, type: null, meta: {} }],
          },
          violations: [{ path: ['input', 'payload', 'person', 'id'], message }],
          requestId: expect.any(String),
        },
      },
    ]);
    expect(sentTo(gateway.personio)).toEqual([['POST', PATH, '{"event_name":"person.updated","payload_data":{}}']]);
    expect(JSON.parse(gateway.personio.requests[0]?.body ?? '')).toEqual(
      contract.example('SendTestEventMissingPayloadRequestPayload'),
    );
  });
});

describe('the payload on the wire', () => {
  test.each([
    ['two levels', { document: { id: 'd1', owner: { id: 'p1' } } }, '{"document.id":"d1","document.owner.id":"p1"}'],
    [
      'dotted keys',
      { 'document.id': 'd1', 'document.owner.id': 'p1' },
      '{"document.id":"d1","document.owner.id":"p1"}',
    ],
    ['dotted keys below others', { document: { 'owner.id': 'p1' } }, '{"document.owner.id":"p1"}'],
    [
      'whole numbers',
      { person: { id: 456, age: -1, zero: 0 } },
      '{"person.id":"456","person.age":"-1","person.zero":"0"}',
    ],
    ['other numbers', { a: 1.5, b: 9007199254740991 }, '{"a":"1.5","b":"9007199254740991"}'],
    ['booleans', { a: true, b: false }, '{"a":"true","b":"false"}'],
    ['empty texts', { a: '' }, '{"a":""}'],
    ['text that is no ASCII', { a: 'ü 🎉 "x"\n' }, '{"a":"ü 🎉 \\"x\\"\\n"}'],
    ['a key that means something to JavaScript', JSON.parse('{"__proto__":{"a":"1"}}'), '{"__proto__.a":"1"}'],
    ['ten levels', deep(10), '{"l10.l9.l8.l7.l6.l5.l4.l3.l2.l1":"leaf"}'],
    ['a hundred leaves', leaves(100), JSON.stringify(leaves(100))],
    ['nothing', {}, '{}'],
  ])('%s', async (_what, payload, flat) => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(SEND, event(payload));
    expect(errors).toBeUndefined();
    expect(sentTo(gateway.personio)).toEqual([
      ['POST', PATH, `{"event_name":"person.updated","payload_data":${flat}}`],
    ]);
  });

  test('a payload in the query itself is the same as one in a variable', async () => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(
      `mutation ($id: ID!, $person: JSONObject) {
        a: sendTestEvent(input: { webhookId: $id, eventName: "person.updated", payload: { person: { id: 456, name: "A" } } }) { webhookId }
        b: sendTestEvent(input: { webhookId: $id, eventName: "person.updated", payload: $person }) { webhookId }
      }`,
      { id: ID, person: { person: { id: 456, name: 'A' } } },
    );
    expect(errors).toBeUndefined();
    const body = '{"event_name":"person.updated","payload_data":{"person.id":"456","person.name":"A"}}';
    expect(sentTo(gateway.personio)).toEqual([
      ['POST', PATH, body],
      ['POST', PATH, body],
    ]);
  });

  test.each([[undefined], [null]])('a payload that is %j is left out', async (payload) => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(SEND, event(payload));
    expect(errors).toBeUndefined();
    expect(sentTo(gateway.personio)).toEqual([['POST', PATH, '{"event_name":"person.updated"}']]);
  });
});

describe('what is refused before any call', () => {
  test.each([
    ['null', { person: { id: null } }, ['person', 'id']],
    ['a list', { person: { ids: ['1'] } }, ['person', 'ids']],
    ['an empty list', { list: [] }, ['list']],
    ['null behind a dotted key', { 'person.id': null }, ['person.id']],
    ['a hundred and one leaves', leaves(101), ['k100']],
    ['an empty key', { person: { '': 'x' } }, ['person', '']],
    ['a key that begins with a dot', { '.id': 'x' }, ['.id']],
    ['a key that ends with a dot', { 'person.': 'x' }, ['person.']],
    ['one key written twice', { person: { id: '1' }, 'person.id': '2' }, ['person.id']],
    ['eleven levels by dots', { 'a.b.c.d.e.f.g.h.i.j.k': 'x' }, ['a.b.c.d.e.f.g.h.i.j.k']],
    ['a whole number that JSON has rounded', { person: { id: 9007199254740992 } }, ['person', 'id']],
    ['the same below zero', { 'person.id': -9007199254740992 }, ['person.id']],
  ])('%s, at the offender', async (_what, payload, path) => {
    const gateway = await openStubGateway({ personio: delivering });
    const { status, data, errors } = await gateway.query(SEND, event(payload));
    expect({ status, data }).toEqual({ status: 200, data: { sendTestEvent: null } });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        retryable: false,
        violations: [{ path: ['input', 'payload', ...path], message: errors?.[0]?.message }],
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('eleven levels, at the member that has one too many below it', async () => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(SEND, event(deep(11)));
    expect(errors?.[0]?.extensions.violations).toEqual([
      {
        path: ['input', 'payload', 'l11', 'l10', 'l9', 'l8', 'l7', 'l6', 'l5', 'l4', 'l3', 'l2'],
        message: 'A payload has at most 10 levels.',
      },
    ]);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('a thousand levels', async () => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(SEND, event(deep(1_000)));
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each([
    ['a list', ['x']],
    ['a text', 'x'],
    ['a number', 1],
  ])('a payload that is %s, with HTTP 400', async (_what, payload) => {
    const gateway = await openStubGateway({ personio: delivering });
    const { status, errors } = await gateway.query(SEND, event(payload));
    expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    expect(gateway.personioCalls()).toEqual([]);
  });

  test.each(['', '  '])('the event name %j', async (eventName) => {
    const gateway = await openStubGateway({ personio: delivering });
    const { errors } = await gateway.query(SEND, event({}, eventName));
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      violations: [{ path: ['input', 'eventName'] }],
    });
    expect(gateway.personioCalls()).toEqual([]);
  });

  test('a webhook of TruLayer, which delivers no events on demand', async () => {
    const gateway = await openStubGateway({ trulayer: () => ({ body: { webhooks: [] } }) });
    const webhookId = globalId('TRULAYER', '018f1234-5678-7abc-def0-123456789abc');
    const { data, errors } = await gateway.query(SEND, { input: { webhookId, eventName: '', payload: { a: null } } });
    expect(data).toEqual({ sendTestEvent: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual([
      {
        code: 'UNSUPPORTED_BY_PROVIDER',
        provider: 'TRULAYER',
        retryable: false,
        requestId: expect.any(String),
      },
    ]);
    expect(gateway.trulayerCalls()).toEqual([]);
  });
});

describe('a refusal', () => {
  const violationsOf = async (status: number, text: { title?: string; detail?: string }, payload?: unknown) => {
    const gateway = await openStubGateway({ personio: () => personioRefusal(status, text) });
    const { errors } = await gateway.query(SEND, event(payload));
    return errors?.map(({ extensions: { code, violations } }) => ({ code, violations }));
  };
  const missing = (key: string) => ({
    title: 'Missing required payload data',
    detail: `The test event payload requires field '${key}' in the 'payload_data' object`,
  });

  test.each([
    ['without a payload', undefined, ['document', 'owner', 'id']],
    ['beside nested keys', { document: { id: '1' } }, ['document', 'owner', 'id']],
    ['beside dotted keys', { 'document.id': '1' }, ['document.owner.id']],
  ])('that misses a payload key names it as the client would have written it: %s', async (_what, payload, path) => {
    expect(await violationsOf(400, missing('document.owner.id'), payload)).toEqual([
      {
        code: 'BAD_USER_INPUT',
        violations: [{ path: ['input', 'payload', ...path], message: missing('document.owner.id').detail }],
      },
    ]);
  });

  test('that misses two payload keys names both', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 400, body: { errors: [missing('document.id'), missing('document.owner.id')] } }),
    });
    const { errors } = await gateway.query(SEND, event(undefined, 'document.created'));
    expect(errors?.[0]?.extensions.violations).toEqual([
      { path: ['input', 'payload', 'document', 'id'], message: missing('document.id').detail },
      { path: ['input', 'payload', 'document', 'owner', 'id'], message: missing('document.owner.id').detail },
    ]);
  });

  test.each([
    "Unknown event name 'person.updated'",
    "The event 'person.updated' is not enabled for this webhook",
    'Invalid value for field: event_name. A string is expected',
    "The event needs the field 'company' to be set up first",
  ])('«%s» speaks of the event name', async (detail) => {
    expect(await violationsOf(400, { title: 'Invalid event', detail })).toEqual([
      { code: 'BAD_USER_INPUT', violations: [{ path: ['input', 'eventName'], message: detail }] },
    ]);
  });

  test.each([
    'Invalid value for field: url. It is odd',
    'Invalid value for field: status',
    'The URL is considered invalid.',
    'The payload of the event is too large.',
  ])('with 400 and «%s» speaks of nothing that sendTestEvent takes: no violation', async (detail) => {
    expect(await violationsOf(400, { detail })).toEqual([{ code: 'BAD_USER_INPUT', violations: undefined }]);
  });

  test.each([
    { title: 'The URL is considered invalid.', detail: 'Hostname does not resolve to a valid address.' },
    { title: 'Invalid event', detail: 'The event is not enabled for this webhook' },
    missing('person.id'),
  ])('with 422 speaks of the webhook: no violation (%j)', async (text) => {
    expect(await violationsOf(422, text)).toEqual([{ code: 'UNPROCESSABLE', violations: undefined }]);
  });

  test('with 401 and a fresh token is UPSTREAM_UNAUTHENTICATED', async () => {
    const gateway = await openStubGateway({
      personio: ({ url }) =>
        url === '/v2/auth/token' ? { body: { access_token: 'papi-t', expires_in: 900 } } : UNSUPPORTED_AUTHENTICATION,
      environment: OAUTH_ENVIRONMENT,
    });
    const { errors } = await gateway.query(SEND, event({}));
    expect(errors?.map(({ extensions: { code, violations } }) => [code, violations])).toEqual([
      ['UPSTREAM_UNAUTHENTICATED', undefined],
    ]);
  });

  test('with 500 may have been delivered, and was sent exactly once', async () => {
    const gateway = await openStubGateway({
      personio: () => ({ status: 500, body: 'oops' }),
      environment: { RETRY_MAX: '5' },
    });
    const { errors } = await gateway.query(SEND, event({}));
    expect(errors?.map(({ extensions: { code, retryable, upstream } }) => ({ code, retryable, upstream }))).toEqual([
      {
        code: 'UPSTREAM_UNAVAILABLE',
        retryable: false,
        upstream: expect.objectContaining({ status: 500, mayHaveSucceeded: true }),
      },
    ]);
    expect(gateway.personioCalls()).toEqual([`POST ${PATH}`]);
  });
});

test('an answer that tells another name is a result under that name', async () => {
  const gateway = await openStubGateway({ personio: () => ({ body: { event_name: 'person.updated.v2' } }) });
  const { data } = await gateway.query(SEND, event({}));
  expect(data).toMatchObject({ sendTestEvent: { delivery: { eventName: 'person.updated.v2' } } });
});

test('an answer that tells nothing is a result under the name that was asked for', async () => {
  const gateway = await openStubGateway({ personio: () => ({ body: {} }) });
  const { data, errors } = await gateway.query(SEND, event({}));
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    sendTestEvent: {
      webhookId: ID,
      delivery: {
        eventName: 'person.updated',
        isDelivered: null,
        statusCode: null,
        outcome: 'UNKNOWN',
        attempts: null,
        completedAt: null,
        responseBody: null,
      },
    },
  });
});

describe('in the sandbox', () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  beforeAll(async () => {
    gateway = await openSandboxGateway();
  });
  afterAll(() => gateway.close());

  test('the receiver gets the nested payload and the token', async () => {
    const { data, errors } = await gateway.query(
      SEND,
      event({ person: { id: 'p-1', 'name.first': 'Ada', isRemote: true } }),
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ sendTestEvent: { delivery: { isDelivered: true, statusCode: 200 } } });
    const [delivery] = gateway.sandbox.receiver.deliveries;
    expect([delivery?.host, delivery?.path, delivery?.headers.authorization]).toEqual([
      'ok.receiver.example',
      '/hr-sync/people',
      'Bearer sandbox-delivery-token',
    ]);
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
      event_name: 'person.updated',
      payload: { person: { id: 'p-1', name: { first: 'Ada' }, isRemote: 'true' } },
    });
  });

  test.each([
    ['an event that is not enabled', 'document.signed', { document: { id: '1', owner: { id: '2' } } }, ['eventName']],
    ['an event that does not exist', 'person.vanished', { person: { id: '1' } }, ['eventName']],
    ['a payload without its key', 'person.updated', { person: { name: 'Ada' } }, ['payload', 'person', 'id']],
  ])('%s is BAD_USER_INPUT where it was written, and nothing is delivered', async (_what, eventName, payload, path) => {
    const delivered = gateway.sandbox.receiver.deliveries.length;
    const { errors } = await gateway.query(SEND, event(payload, eventName));
    expect(errors?.map(({ extensions: { code, violations } }) => ({ code, violations }))).toEqual([
      { code: 'BAD_USER_INPUT', violations: [{ path: ['input', ...path], message: errors?.[0]?.message }] },
    ]);
    expect(gateway.sandbox.receiver.deliveries).toHaveLength(delivered);
  });
});
