import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { graphiqlExamples } from '../../src/server/graphiql/examples.ts';
import { until } from '../support/fault-upstream.ts';
import { openSandboxGateway } from '../support/gateway.ts';

const EXAMPLES = graphiqlExamples({ startedMs: Date.now() });
const CHROMIUM = '/usr/bin/chromium';
const CHROMIUM_FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

// CI has it: there, a browser that does not start is a failure.
const isSkipped = !existsSync(CHROMIUM) && !process.env.CI;

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
const TELEPHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** What each example shows near the top of the result. */
const SHOWS: Readonly<Record<string, readonly string[]>> = {
  AllWebhooks: ['"webhooks": {', '"provider": "PERSONIO"', '"status": "ENABLED"'],
  DeliveryLog: ['"description": "Payroll changes"', '"outcome": "SERVER_ERROR"', '"statusCode": 503'],
  Providers: ['"name": "PERSONIO"', '"isSandbox": true'],
  AnError: ['"errors": [', '"code": "BAD_USER_INPUT"'],
  PingAWebhook: ['"pingWebhook": {', '"isDelivered": true', '"statusCode": 200'],
  LiveTail: ['"webhookActivity": {', '"eventName": "ping"', '"outcome": "DELIVERED"'],
  SendATestEvent: ['"sendTestEvent": {', '"eventName": "person.updated"', '"isDelivered": true'],
  UpdateAWebhook: ['"updateWebhook": {', '"status": "DISABLED"'],
  ARefusedUpdate: ['"errors": [', '"code": "UNPROCESSABLE"', '"URL does not use HTTPS scheme."'],
  HealthOfAllWebhooks: ['"health": {', '"state": "HEALTHY"', '"successRate": 1'],
  FindTheOutage: ['"outages": [', '"statusCode": 503', '"eventCount":'],
  RedeliverTheOutage: ['"redeliveryId": "', '"isCountComplete": true', '"description": "Payroll changes"'],
  ReadinessCheck: ['"isReady": false', '"eventName": "ping"', '"status": "FAILED"'],
};

/** GraphiQL as a person sees it, with what they cannot see: what it asked of other hosts, and what it complained of. */
interface Visit {
  readonly page: Page;
  readonly response: Response | null;
  readonly foreignRequests: readonly string[];
  readonly complaints: readonly string[];
}

describe.skipIf(isSkipped)(`GraphiQL in Chromium${isSkipped ? ` (skipped: there is no ${CHROMIUM})` : ''}`, () => {
  let gateway: Awaited<ReturnType<typeof openSandboxGateway>>;
  let address: string;
  let browser: Browser;
  let visit: Visit;

  beforeAll(async () => {
    gateway = await openSandboxGateway({ environment: { TAIL_POLL_MS: '20' } });
    address = await gateway.gateway.listen();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS.split(' ') });
    visit = await open('/');
  });
  afterEach(() => {
    expect(visit.foreignRequests).toEqual([]);
    expect(visit.complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  /** Opens a path in a new window with an empty memory, and waits until the first example, or what the path holds, can be run. */
  async function open(
    path: string,
    device: BrowserContextOptions = DESK,
    firstShown = 'query AllWebhooks',
  ): Promise<Visit> {
    const context = await browser.newContext(device);
    context.setDefaultTimeout(10_000);
    const foreignRequests: string[] = [];
    const complaints: string[] = [];
    const isForeign = (url: URL) => url.origin !== address && url.protocol !== 'data:';
    context.on('request', (request) => {
      if (isForeign(new URL(request.url()))) foreignRequests.push(request.url());
    });
    await context.route(isForeign, (route) => route.abort());
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (failure) => void complaints.push(failure.error().message));
    const page = await context.newPage();
    const response = await page.goto(`${address}${path}`);
    await shows(page, '.graphiql-query-editor', firstShown);
    return { page, response, foreignRequests, complaints };
  }

  test('a visit to the root ends at GraphiQL, sent compressed and under a strict policy', async () => {
    expect(visit.page.url()).toBe(`${address}/graphql`);
    expect(await visit.page.title()).toBe('hookgraph');
    const headers = (await visit.response?.allHeaders()) ?? {};
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src( 'sha256-[\w+/]{43}=')+;/);
  });

  test('the examples are its tabs, in their order, and all in view', async () => {
    const tabs = visit.page.getByRole('tablist').getByRole('tab');
    expect(await tabs.allInnerTexts()).toEqual(EXAMPLES.map(({ name }) => name));
    for (const tab of await tabs.all()) {
      const box = await tab.boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 1280).toBe(true);
    }
  });

  async function run(name: string): Promise<void> {
    const { page } = visit;
    if ((await page.getByRole('tab', { selected: true }).innerText()) !== name) {
      await page.getByRole('tablist').getByRole('button', { name, exact: true }).click();
      // GraphiQL reads what is in the editor a moment after it changed, and then writes it to the address.
      await page.waitForURL((url) => url.searchParams.get('query')?.includes(` ${name} {`) ?? false);
    }
    await page.getByRole('button', { name: /^Execute query/ }).click();
  }

  const answered = EXAMPLES.filter(({ name }) => name !== 'LiveTail');
  test.each(answered)('$name opens by a click on its tab, runs, and shows its answer', async ({ name }) => {
    await run(name);
    for (const text of SHOWS[name] ?? ['an expectation of this test'])
      await shows(visit.page, '.graphiql-response', text);
  });

  test('LiveTail opens by a click on its tab, and shows a ping from elsewhere by itself, until it is stopped', async () => {
    const { page } = visit;
    const polls = () => gateway.sandbox.requests.filter(({ path }) => path.includes('/activity?')).length;
    const before = polls();
    await run('LiveTail');
    // It goes on asking: it has begun.
    await until(() => polls() >= before + 2);
    await gateway.query(EXAMPLES.find(({ name }) => name === 'PingAWebhook')?.query ?? '');
    for (const text of SHOWS.LiveTail ?? []) await shows(page, '.graphiql-response', text);
    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  });

  test('the fonts and the workers of the editor work, and a worker underlines what is wrong', async () => {
    const { page, complaints, foreignRequests } = await open('/graphql');
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('{ nothing }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
    const fonts = await page.evaluate(() => Array.from(document.fonts, ({ family, status }) => `${family} ${status}`));
    expect(fonts).toContain('Fira Code loaded');
    expect(fonts).toContain('Roboto loaded');
    expect(fonts.filter((font) => font.endsWith('error'))).toEqual([]);
    expect([...complaints, ...foreignRequests]).toEqual([]);
    await page.context().close();
  });

  test('the docs explain a type and its fields', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = page.locator('.graphiql-doc-explorer');
    await docs.getByText('The webhooks of several providers in one API').waitFor();
    await docs.getByRole('link', { name: 'Webhook', exact: true }).click();
    await docs.getByText('A registration at a provider: events that happen there are delivered to its URL.').waitFor();
    await docs.getByText('Where deliveries go: the receiver.').waitFor();
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).click();
  });

  test('on a telephone the answer stands under the operation, and the docs take its place', async () => {
    const { page, complaints } = await open('/graphql', TELEPHONE);
    expect(await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth])).toEqual([390, 390]);
    await page.getByRole('button', { name: /^Execute query/ }).tap();
    await shows(page, '.graphiql-response', '"webhooks": {');
    const [editor, answer] = [page.locator('.graphiql-query-editor'), page.locator('.graphiql-response')];
    const [above, below] = [await editor.boundingBox(), await answer.boundingBox()];
    expect(above && below && above.width > 350 && below.width > 350 && below.height > 200).toBe(true);
    expect(above && below && above.y + above.height <= below.y).toBe(true);
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).tap();
    await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query', exact: true }).tap();
    await page.getByText('Everything that can be read.').waitFor();
    expect(await editor.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Hide Documentation Explorer' }).tap();
    await editor.waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('by keyboard alone it is seen what has the focus, and an example is opened and run', async () => {
    const { page } = await open('/graphql');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    for (let presses = 0; presses < 20 && (await focused()) !== 'DeliveryLog'; presses += 1)
      await page.keyboard.press('Tab');
    const outline = await page.evaluate(() => {
      const { outlineWidth, outlineColor } = getComputedStyle(document.activeElement ?? document.body);
      return [outlineWidth, outlineColor];
    });
    // Two pixels, and no alpha.
    expect(outline).toEqual(['2px', expect.stringMatching(/^rgb\(/)]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/query=.*DeliveryLog/);
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('Control+M');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await shows(page, '.graphiql-response', '"description": "Payroll changes"');
    await page.context().close();
  });

  test.each(['/', '/graphql', 'the address with the query'])('coming back to %s shows what was open', async (path) => {
    const { page, complaints } = await open('/graphql');
    const tabs = page.getByRole('tablist').getByRole('tab');
    await page.getByRole('tablist').getByRole('button', { name: 'DeliveryLog' }).click();
    await page.waitForURL(/query=.*DeliveryLog/);
    await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('"activeTabIndex":1'));
    await page.goto(path.startsWith('/') ? `${address}${path}` : page.url());
    await shows(page, '.graphiql-query-editor', 'query DeliveryLog');
    expect(await tabs.count()).toBe(EXAMPLES.length);
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('DeliveryLog');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a link with a query and variables runs with both, and a reload keeps what was made of them', async () => {
    const query = 'query Named($n: Int!) { webhooks(first: $n) { nodes { description } } }';
    const link = new URLSearchParams({ query, variables: '{"n":1}' });
    const { page, complaints } = await open(`/graphql?${link}`, DESK, 'query Named');
    const execute = page.getByRole('button', { name: /^Execute query/ });
    await execute.click();
    await shows(page, '.graphiql-response', '"People sync');

    await page.getByRole('button', { name: 'Variables' }).click();
    await page.locator('.graphiql-editor-tool .view-lines').first().click();
    for (const key of ['Control+End', 'ArrowLeft', 'Backspace', '2']) await page.keyboard.press(key);
    await page.waitForFunction(() => localStorage.getItem('graphiql:variables') === '{"n":2}');
    await page.reload();
    await shows(page, '.graphiql-query-editor', 'query Named');
    await execute.click();
    await shows(page, '.graphiql-response', '"Payroll changes"');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('a reload before anything was done adds no empty tab', async () => {
    const { page } = await open('/graphql');
    await page.reload();
    await shows(page, '.graphiql-query-editor', 'query AllWebhooks');
    expect(await page.getByRole('tablist').getByRole('tab').count()).toBe(EXAMPLES.length);
    await page.context().close();
  });
});

/** Waits until the editor in a pane shows a text. */
async function shows(page: Page, pane: string, text: string): Promise<void> {
  await page.locator(`${pane} .view-lines`, { hasText: text }).first().waitFor();
}
