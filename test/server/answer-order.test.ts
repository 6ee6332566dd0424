import { expect, test } from 'vitest';
import { openSandboxGateway } from '../support/gateway.ts';

test('the fields of an answer come in the order of the selection, whichever was ready first', async () => {
  const gateway = await openSandboxGateway();
  try {
    const { data } = await gateway.query<{ webhooks: { nodes: object[] } }>(
      '{ webhooks(first: 1) { nodes { outages { failed } activity { pageInfo { hasNextPage } } url events { pageInfo { hasNextPage } } id } } }',
    );
    expect(data.webhooks.nodes.map((node) => Object.keys(node))).toEqual([
      ['outages', 'activity', 'url', 'events', 'id'],
    ]);
  } finally {
    await gateway.close();
  }
});
