import { expect, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { jsonRequest, listenWithStubs, type RawRequest } from '../support/listening-gateway.ts';

const WEBHOOK = 'query ($id: ID!) { webhook(id: $id) { url } }';
const operation = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
  jsonRequest({ query, variables }, bearer(READ_KEY));

/** A client decides by `retryable` whether to ask again, so that it must not have to know which errors have it. */
test.each<readonly [what: string, request: RawRequest, code: string]>([
  ['a document that is not valid', operation('{ nothing }'), 'GRAPHQL_VALIDATION_FAILED'],
  ['a document that cannot be parsed', operation('{'), 'GRAPHQL_PARSE_FAILED'],
  ['a variable that does not fit', operation(WEBHOOK, { id: null }), 'BAD_USER_INPUT'],
  ['an argument that cannot be used', operation(WEBHOOK, { id: 'x' }), 'BAD_USER_INPUT'],
  ['an operation over a limit', operation(`{ ${'__typename '.repeat(1_001)} }`), 'LIMIT_EXCEEDED'],
  ['a body that cannot be read', jsonRequest('{', bearer(READ_KEY)), 'BAD_REQUEST'],
  ['another path', { path: '/x' }, 'BAD_REQUEST'],
  ['a path that cannot be read', { path: '/graphql', headers: { host: '[' } }, 'BAD_REQUEST'],
  ['no key', jsonRequest({ query: '{ __typename }' }), 'UNAUTHENTICATED'],
  [
    'a form without proof that no foreign page sends it',
    {
      method: 'POST',
      headers: { ...bearer(READ_KEY), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'x',
    },
    'FORBIDDEN',
  ],
  [
    'a scope that the caller lacks',
    operation('mutation { deleteWebhook(input: { id: "x" }) { deletedWebhookId } }'),
    'FORBIDDEN',
  ],
])('%s is an error that says it cannot be sent again unchanged', async (_what, request, code) => {
  const gateway = await listenWithStubs({ environment: WITH_KEYS });
  const { errors } = (await gateway.send(request)).json();
  expect(errors?.map(({ extensions }) => [extensions.code, extensions.retryable])).toEqual([[code, false]]);
});

test('a Host that is no loopback name, where nobody is asked for a key, neither', async () => {
  const gateway = await listenWithStubs();
  const { errors } = (await gateway.send({ headers: { host: 'evil.example' } })).json();
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', retryable: false } }]);
});
