import { expect, onTestFinished, test } from 'vitest';
import { openGateway } from '../support/gateway.ts';
import { openStubGateway } from '../support/stub-gateway.ts';
import { personioPage, personioWebhooks } from '../support/upstream-rows.ts';

const LIST = 'query Hooks { webhooks { nodes { id } } }';

test('each operation is one line at level debug, under the request id of its answer', async () => {
  const gateway = await openStubGateway({
    personio: () => personioPage(personioWebhooks(1)),
    trulayer: () => ({ status: 503 }),
  });
  const { errors } = await gateway.query(LIST, {}, { headers: { 'x-request-id': 'client-7' } });
  expect(errors?.[0]?.extensions.requestId).toBe('client-7');
  const { time: _, ms, ...line } = gateway.log.find(({ msg }) => msg === 'operation') ?? {};
  expect(ms).toEqual(expect.any(Number));
  expect(line).toEqual({
    level: 20,
    requestId: 'client-7',
    operation: 'Hooks',
    type: 'query',
    result: 'partial',
    codes: ['UPSTREAM_UNAVAILABLE'],
    status: 200,
    upstreamCalls: 2,
    msg: 'operation',
  });
});

test('at level info an ordinary operation leaves no line', async () => {
  const { query, log, close } = openGateway({ TRULAYER_API_KEY: 'tl_key' }, { logLevel: 'info' });
  onTestFinished(close);
  await query('{ webhookProviders { name } }');
  expect(log).toEqual([]);
});

test('a name that is too long for a label is not in the log either', async () => {
  const gateway = await openStubGateway({});
  await gateway.query(`query ${'A'.repeat(101)} { __typename }`);
  expect(gateway.log.find(({ msg }) => msg === 'operation')).toMatchObject({ operation: 'other' });
});
