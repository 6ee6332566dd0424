import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { until } from '../support/fault-upstream.ts';
import { openSandboxGateway } from '../support/gateway.ts';
import { globalId } from '../support/stub-gateway.ts';

const CHROMIUM = '/usr/bin/chromium';
// CI has it: there, a browser that does not start is a failure.
const isSkipped = !existsSync(CHROMIUM) && !process.env.CI;

const WEBHOOK = globalId('PERSONIO', '533e7206-f4a3-11ed-9c8b-436fad0b82d1');
const TAIL = `subscription LiveTail {
  webhookActivity(webhookId: "${WEBHOOK}") {
    node { eventName outcome }
  }
}`;

test.skipIf(isSkipped)('the activity of a ping appears by itself in GraphiQL', async () => {
  const gateway = await openSandboxGateway({ environment: { TAIL_POLL_MS: '20' } });
  const address = await gateway.gateway.listen();
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(`${address}/graphql?query=${encodeURIComponent(TAIL)}`);
    await page.locator('.graphiql-query-editor .view-lines', { hasText: 'subscription LiveTail' }).first().waitFor();
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const polls = () => gateway.sandbox.requests.filter(({ path }) => path.includes('/activity?')).length;
    await until(() => polls() >= 2);

    await gateway.query('mutation ($id: ID!) { pingWebhook(input: { id: $id }) { webhookId } }', { id: WEBHOOK });
    const response = page.locator('.graphiql-response .view-lines');
    await response.filter({ hasText: '"eventName": "ping"' }).first().waitFor();
    expect(await response.first().innerText()).toContain('"DELIVERED"');
  } finally {
    await browser.close();
    await gateway.close();
  }
});
