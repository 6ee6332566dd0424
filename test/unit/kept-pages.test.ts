import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { openEndingScope } from '../../src/webhooks/operation-scope.ts';
import { openStubGateway } from '../support/stub-gateway.ts';
import { personioWebhooks, trulayerWebhooks } from '../support/upstream-rows.ts';

/** How many scopes of operations are alive, once all that is unreachable was collected. */
function scopes(): number {
  const sample = openEndingScope({ timeoutMs: 1, maxUpstreamCalls: 1, forwardedAuthorization: {} });
  const kind = Object.getPrototypeOf(sample.constructor);
  return queryObjects(kind, { format: 'count' });
}

test('what is remembered of an answer keeps nothing of the operation that read it, such as its credentials', async () => {
  const { query } = await openStubGateway({
    personio: () => ({ body: { _data: personioWebhooks(3), _meta: { links: {} } } }),
    trulayer: () => ({ body: { webhooks: trulayerWebhooks(3) } }),
  });
  const before = scopes();
  for (let first = 10; first < 30; first += 1) {
    for (let times = 0; times < 3; times += 1) {
      const { data } = await query(
        'query ($first: Int!) { webhooks(first: $first) { edges { cursor node { id } } } }',
        { first },
      );
      expect(data.webhooks).toMatchObject({ edges: { length: 6 } });
    }
  }
  expect(scopes() - before).toBeLessThan(3);
});
