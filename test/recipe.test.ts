import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { documentedOperations, withoutVolatile, writeAnswers } from './support/documented-operations.ts';
import { openSandboxGateway } from './support/gateway.ts';

const RECIPE = 'docs/recipe-redelivery.md';
// `RENEW_ANSWERS=1 npx vitest run test/recipe.test.ts` writes the answers instead; look at what changes.
const isRenewing = process.env.RENEW_ANSWERS === '1';
const DAY_MS = 86_400_000;
// A hundred deliveries over real sockets take seconds where the machine has other work.
const PATIENCE = { timeout: 15_000 };

let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
beforeAll(async () => {
  gateway = await openSandboxGateway();
});
afterAll(() => gateway.close());

interface Window {
  readonly from: string;
  readonly to: string;
}

test('the recipe leads from a red dashboard to redelivered, with the answers that it shows', async () => {
  const operations = documentedOperations(RECIPE);
  expect(operations.map(({ name }) => name)).toEqual(['FindTheOutage', 'SeeWhatItWouldSend', 'Redeliver', 'FollowIt']);
  const [find, see, redeliver, follow] = operations.map(({ query }) => query);

  const found = await ask<{ webhook: { id: string; outages: { redeliverFrom: string; redeliverTo: string }[] } }>(
    find,
    {
      since: new Date(Date.now() - 7 * DAY_MS).toISOString(),
    },
  );
  const { id, outages } = found.webhook;
  const outage = outages.at(-1);
  const preview = await ask<{ webhook: { redeliveryPreview: { batches: (Window & { eventCount: number })[] } } }>(see, {
    id,
    from: outage?.redeliverFrom,
    to: outage?.redeliverTo,
  });
  const batch = preview.webhook.redeliveryPreview.batches[0];
  const receivedBefore = gateway.sandbox.receiver.deliveries.length;
  const accepted = await ask<{ redeliverWebhookEvents: { redeliveryId: string } }>(redeliver, {
    id,
    from: batch?.from,
    to: batch?.to,
  });
  const { redeliveryId } = accepted.redeliverWebhookEvents;
  const followed = await vi.waitFor(async () => {
    const progress = await ask<{ webhook: { redelivery: { delivered: number } } }>(follow, { id, redeliveryId });
    expect(progress.webhook.redelivery.delivered).toBe(batch?.eventCount);
    return progress;
  }, PATIENCE);
  expect(gateway.sandbox.receiver.deliveries.length - receivedBefore).toBe(batch?.eventCount);

  const answers = [found, preview, accepted, followed].map((data) => ({ data }));
  if (isRenewing) writeAnswers(RECIPE, answers);
  const promised = documentedOperations(RECIPE).map(({ answer }) => withoutVolatile(JSON.parse(answer)));
  expect(withoutVolatile(answers)).toEqual(promised);
});

async function ask<Data>(query: string | undefined, variables: Record<string, unknown>): Promise<Data> {
  const { data, errors } = await gateway.query<Data, Record<string, unknown>>(query ?? '', variables);
  expect(errors).toBeUndefined();
  return data;
}
