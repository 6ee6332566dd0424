import { readFileSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { sandboxEnvironment } from '../../src/sandbox/sandbox-environment.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { table } from './doctor.ts';

const PAGE = 'docs/check.md';
const TABLE = /(?<=```text\n)[\s\S]*?(?=```)/;
// `RENEW_ANSWERS=1 npx vitest run test/doctor/page.test.ts` writes the table instead; look at what changes.
const isRenewing = process.env.RENEW_ANSWERS === '1';

test('the table of docs/check.md is what such a gateway is told', async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const text = await table({
    ...sandboxEnvironment(sandbox),
    PERSONIO_CLIENT_ID: 'papi-sandbox-read-only',
    TRULAYER_API_KEY: 'tl_sandbox_revoked',
  });
  // The page shows the real addresses in place of the simulators'.
  const shown = text
    .replace(sandbox.personio.baseUrl, 'https://api.personio.de')
    .replace(sandbox.trulayer.baseUrl, 'https://api.trulayer.ai')
    .replaceAll(/after \d+ ms/g, 'after 41 ms');
  const page = readFileSync(PAGE, 'utf8');
  if (isRenewing)
    writeFileSync(
      PAGE,
      page.replace(TABLE, () => shown),
    );
  expect(shown).toBe(TABLE.exec(readFileSync(PAGE, 'utf8'))?.[0]);
});
