import { describe, expect, test } from 'vitest';
import { HOOK_ID, openLogGateway, useFixedClock } from '../support/log-upstream.ts';
import { globalId } from '../support/stub-gateway.ts';

useFixedClock();

const ID = globalId('PERSONIO', HOOK_ID);
const SINCE = '2026-11-21T09:00:00Z';

/** What is told of a field where Personio refuses one filter of a list; it knows nothing of our arguments. */
async function violationsOf(operation: string, { list, filter }: { list: string; filter: string }) {
  const detail = `Invalid value for filter: ${filter}`;
  const gateway = await openLogGateway([{}], {
    before: ({ method, url }) => {
      if (method === 'POST') return { body: { redelivery_id: 'r-1' } };
      return url.includes(`/${list}`) ? { status: 422, body: { errors: [{ title: 'Invalid', detail }] } } : undefined;
    },
  });
  const { errors } = await gateway.query(operation);
  return errors?.map(({ message, extensions: { code, violations } }) => {
    expect({ code, message }).toEqual({ code: 'UNPROCESSABLE', message: detail });
    return violations && JSON.stringify(violations);
  });
}

const at =
  (...path: string[]) =>
  (filter: string) =>
    JSON.stringify([{ path, message: `Invalid value for filter: ${filter}` }]);
const nowhere = () => undefined;

const COMPLETED = { list: 'activity', filter: 'completed_at.gte' };
const COMPLETED_END = { list: 'activity', filter: 'completed_at.lte' };
const OCCURRED = { list: 'events', filter: 'occurred_at.gte' };
const OCCURRED_END = { list: 'events', filter: 'occurred_at.lte' };
const NAME = { list: 'activity', filter: 'event_name' };
const RUN = { list: 'activity', filter: 'redelivery_id' };

describe('a filter that the upstream refuses is tied to the argument that the client wrote', () => {
  const since = `{ gte: "${SINCE}" }`;
  test.each([
    [`deliveryStats(window: ${since}) { total }`, COMPLETED, at('window', 'gte')],
    [`deliveryStats(window: ${since}) { total }`, COMPLETED_END, nowhere],
    [`deliveryStats(window: { gte: "${SINCE}", lte: null }) { total }`, COMPLETED_END, nowhere],
    [`deliveryStats(window: { lte: "${SINCE}" }) { total }`, COMPLETED_END, at('window', 'lte')],
    ['deliveryStats { total }', COMPLETED, nowhere],
    ['deliveryStats(eventName: "a") { total }', NAME, at('eventName')],
    ['deliveryStats { total }', NAME, nowhere],
    [`outages(window: ${since}) { failed }`, COMPLETED, at('window', 'gte')],
    ['outages { failed }', COMPLETED, nowhere],
    [`health(window: ${since}) { state }`, COMPLETED, at('window', 'gte')],
    [`health(window: ${since}) { state }`, OCCURRED, at('window', 'gte')],
    [`health(window: ${since}) { state }`, OCCURRED_END, nowhere],
    ['health { state }', OCCURRED_END, nowhere],
    [`redeliveryPreview(occurredAt: ${since}) { eventCount }`, OCCURRED, at('occurredAt', 'gte')],
    [`redeliveryPreview(occurredAt: ${since}) { eventCount }`, OCCURRED_END, nowhere],
    ['redelivery(redeliveryId: "r-1") { failed }', RUN, at('redeliveryId')],
    ['redelivery(redeliveryId: "r-1") { failed }', NAME, nowhere],
  ])('%s, refused for %o', async (field, refused, expected) => {
    const operation = `{ webhook(id: "${ID}") { ${field} } }`;
    expect(await violationsOf(operation, refused)).toEqual([expected(refused.filter)]);
  });

  test('although several fields are told of one scan', async () => {
    // The default window and a written one that begins at the same moment are one and the same to the upstream.
    const written = 'written: deliveryStats(window: { gte: "2026-11-20T12:00:00.000Z" }) { total }';
    const operation = `{ webhook(id: "${ID}") { default: deliveryStats { total } ${written} } }`;
    expect(await violationsOf(operation, COMPLETED)).toEqual([undefined, at('window', 'gte')(COMPLETED.filter)]);
  });

  test('and to none of a mutation whose payload follows what it began', async () => {
    const input = `{ webhookId: "${ID}", occurredAt: { gte: "${SINCE}" } }`;
    const operation = `mutation { redeliverWebhookEvents(input: ${input}) { redeliveryId redelivery { failed } } }`;
    expect(await violationsOf(operation, RUN)).toEqual([undefined]);
  });
});
