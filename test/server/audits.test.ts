import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, test } from 'vitest';
import { bearer, READ_KEY, WITH_KEYS } from '../support/callers.ts';
import { openGateway } from '../support/gateway.ts';

/** GraphQL over HTTP as its own audits see it, over a real socket, with every plugin on. */
describe.each([
  ['without callers', {}, {}],
  ['with a key required', WITH_KEYS, bearer(READ_KEY)],
])('the audits of graphql-http %s', (_what, environment, headers) => {
  let url = '';
  beforeAll(async () => {
    const gateway = openGateway({
      ...environment,
      GATEWAY_CORS_ORIGINS: 'https://app.example',
      GATEWAY_FORWARD_CREDENTIALS: 'true',
    });
    url = `${await gateway.gateway.listen()}/graphql`;
    return gateway.close;
  });

  const audits = serverAudits({
    url: () => url,
    fetchFn: (input: string, init: RequestInit = {}) => {
      const all = new Headers(init.headers);
      for (const [name, value] of Object.entries(headers)) all.set(name, value);
      return fetch(input, { ...init, headers: all });
    },
  });

  test('are all there', () => {
    expect(audits.length).toBeGreaterThanOrEqual(61);
  });

  test.each(audits.map((audit) => [`${audit.id} ${audit.name}`, audit] as const))('%s', async (_name, audit) => {
    const { status, ...rest } = await audit.fn();
    expect({ status, reason: 'reason' in rest ? rest.reason : undefined }).toEqual({ status: 'ok', reason: undefined });
  });
});
