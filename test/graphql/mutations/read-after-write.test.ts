import { expect, test, vi } from 'vitest';
import { delivery, HOOK_ID, openLogGateway, useFixedClock } from '../../support/log-upstream.ts';
import { globalId } from '../../support/stub-gateway.ts';

useFixedClock();

const ID = globalId('PERSONIO', HOOK_ID);

test('the figures of a payload hold what the write did', async () => {
  const activity: ReturnType<typeof delivery>[] = [];
  const gateway = await openLogGateway([{ activity }], {
    before: ({ method }) => {
      if (method !== 'POST') return undefined;
      // The ping takes two seconds, and is in the log when it has been answered.
      vi.setSystemTime(Date.now() + 2_000);
      activity.push(delivery(new Date(Date.now() - 1_000).toISOString(), { event_name: 'ping' }));
      return { body: { is_delivered: true, status_code: 200 } };
    },
  });
  const { data, errors } = await gateway.query(
    'mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhook { deliveryStats { total } health { state } } } }',
    { id: ID },
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({ pingWebhook: { webhook: { deliveryStats: { total: 1 }, health: { state: 'HEALTHY' } } } });
});

test('each payload of an operation shows the webhook as it is after its own write', async () => {
  let reads = 0;
  const gateway = await openLogGateway([{}], {
    before: ({ method }) => {
      if (method === 'POST') return { body: { is_delivered: true } };
      reads += 1;
      return { body: { id: HOOK_ID, url: 'https://example.com/a', description: `Read ${reads}`, status: 'ENABLED' } };
    },
  });
  const { data } = await gateway.query(
    `mutation ($id: ID!) {
      first: pingWebhook(input: { id: $id }) { webhook { description } }
      second: pingWebhook(input: { id: $id }) { webhook { description } }
    }`,
    { id: ID },
  );
  expect(data).toEqual({
    first: { webhook: { description: 'Read 1' } },
    second: { webhook: { description: 'Read 2' } },
  });
});

test('a mutation that failed may have been carried out: the next one reads the webhook anew', async () => {
  const events = ['person.created', 'person.updated'];
  let pings = 0;
  const gateway = await openLogGateway([{}], {
    before: ({ method, url }) => {
      if (url.endsWith('/ping')) return pings++ === 0 ? { status: 500 } : { body: { is_delivered: true } };
      if (method === 'POST') return { body: { is_delivered: true } };
      const enabled = pings === 0 ? events : events.slice(0, 1);
      return { body: { id: HOOK_ID, url: 'https://example.com/a', description: '', enabled_events: enabled } };
    },
  });
  const { data, errors } = await gateway.query(
    `mutation ($id: ID!) {
      first: checkWebhook(input: { id: $id }) { isReady }
      second: checkWebhook(input: { id: $id }) { checks { eventName } }
    }`,
    { id: ID },
  );
  expect(errors).toMatchObject([{ path: ['first'] }]);
  expect(data).toEqual({ first: null, second: { checks: [{ eventName: 'ping' }, { eventName: 'person.created' }] } });
});
