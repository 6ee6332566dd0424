import { describe, expect, test } from 'vitest';
import { jsonRequest, listenWithStubs } from '../support/listening-gateway.ts';
import { globalId } from '../support/stub-gateway.ts';

/** Ids that would be something else in a path, a header or a log, if they were not encoded or refused. */
const IDS: readonly string[] = [
  '../admin',
  '..',
  '.',
  '../../v2/other',
  'a/b',
  'a\\b',
  '/etc/passwd',
  '//evil.example',
  'http://evil.example/',
  '@evil.example',
  'a?limit=1',
  'a#b',
  'a;b=c',
  'a&b',
  'a%2fb',
  'a%2F..%2F',
  '%2e%2e',
  '%00',
  '%0d%0aHost: evil',
  'a\r\nx-injected: 1',
  'a\nb',
  'a\0b',
  'a b',
  '',
  'x'.repeat(10_000),
  '\u2025\u2215',
  '\uff0e\uff0e\uff0f',
  '\u202eabc',
  'ａｄｍｉｎ',
  '💥',
  '\ud800',
  '__proto__',
  '{id}',
  '$\u007bid}',
  "' OR '1'='1",
  '<script>',
  '*',
];

/** What may stand in the place of `{id}`: one segment, and nothing that a server would read as more. */
const ONE_SEGMENT =
  /^\/v[12]\/webhooks\/(?!\.{1,2}$|%2e%2e$|%2e$)(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-F]{2})+(\/(ping|test))?$/;

describe.each([
  ['node', (id: string) => ({ query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id } })],
  [
    'webhookByProviderId',
    (_id: string, raw: string) => ({
      query: 'query ($p: WebhookProvider!, $raw: ID!) { webhookByProviderId(provider: $p, providerId: $raw) { id } }',
      variables: { p: 'PERSONIO', raw },
    }),
  ],
  [
    '_entities',
    (_id: string, raw: string) => ({
      query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      variables: { r: [{ __typename: 'Webhook', providerKey: `personio:${raw}` }] },
    }),
  ],
  [
    'pingWebhook',
    (id: string) => ({
      query: 'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhookId } }',
      variables: { id },
    }),
  ],
  [
    'deleteWebhook',
    (id: string) => ({
      query: 'mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { deletedWebhookId } }',
      variables: { id },
    }),
  ],
] as const)('an id given to %s', (_what, bodyOf) => {
  test.each(IDS.map((id) => [JSON.stringify(id.slice(0, 40)), id]))(
    '%s is one segment of the upstream path, or refused',
    async (_shown, raw) => {
      const gateway = await listenWithStubs({ personio: () => ({ status: 404, body: { errors: [] } }) });
      const answer = await gateway.send(jsonRequest(bodyOf(globalId('PERSONIO', raw), raw)));
      const codes = answer.json().errors?.map(({ extensions }) => extensions.code);
      expect([['BAD_USER_INPUT'], ['NOT_FOUND']]).toContainEqual(codes);
      const paths = gateway.personio.requests.map(({ url }) => url);
      if (codes?.[0] === 'BAD_USER_INPUT') expect(paths).toEqual([]);
      for (const path of paths) expect(path).toMatch(ONE_SEGMENT);
      for (const { headers } of gateway.personio.requests) expect(headers).not.toHaveProperty('x-injected');
    },
  );
});

describe('what a client sends does not forge a line of the log, or a header', () => {
  test.each([
    ['x-request-id', '{"level":60,"msg":"forged"}'],
    ['x-request-id', 'a b'],
    ['traceparent', '00-"forged"-01'],
    ['user-agent', '"forged"'],
    ['x-forwarded-for', '"forged", {"forged":1}'],
  ])('%s: %s', async (name, value) => {
    const gateway = await listenWithStubs({ personio: () => ({ status: 503 }) });
    const operationName = 'A'.repeat(1_000);
    const body = { query: `query ${operationName} { webhooks { nodes { id } } }`, operationName };
    const answer = await gateway.send(jsonRequest(body, { [name]: value }));
    expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(JSON.stringify(gateway.log)).not.toMatch(/forged|AAAA/);
    expect(JSON.stringify(answer.headers)).not.toContain('forged');
  });
});
