import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { selfSignedCertificate } from '../support/certificate.ts';
import { build, runCommand } from '../support/executable.ts';

beforeAll(build, 120_000);

describe.concurrent('hookgraph check', () => {
  test('ends with 0 where all is well, on the sandbox', async () => {
    const { exitCode, out, err } = await runCommand(['check', '--sandbox']);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(/^ {2}ok +sandbox +providers +simulators, as --sandbox asks/m);
    expect(out).toMatch(/^ {2}ok +PERSONIO +reading +webhooks can be read$/m);
    expect(out).toMatch(/^ {2}9 ok, 1 skipped\.$/m);
  });

  test('ends with 0 where there are warnings only', async () => {
    const { exitCode, out } = await runCommand(['check']);
    expect(exitCode).toBe(0);
    expect(out).toContain('2 ok, 2 warnings.');
  });

  test('ends with 1 where anything failed, and says nothing on stderr', async () => {
    const { exitCode, out, err } = await runCommand(['check'], { PORT: 'abc' });
    expect([exitCode, err]).toEqual([1, '']);
    expect(out).toMatch(/^ {2}FAILED +configuration +variables +PORT holds "abc"/m);
  });

  test.each([[['check', 'personio']], [['check', '--wat']]])(
    'ends with 2 where it is called wrongly: %j',
    async (args) => {
      const { exitCode, out, err } = await runCommand(args);
      expect([exitCode, out]).toEqual([2, '']);
      expect(err).toMatch(/^hookgraph: .+\n$/);
    },
  );

  test('writes one JSON object with --json, and no more', async () => {
    const { exitCode, out } = await runCommand(['check', '--json'], { RETRY_MAX: 'x' });
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, checks: expect.arrayContaining([]) });
  });

  test('is part of --help', async () => {
    expect((await runCommand(['--help'])).out).toContain('hookgraph check [--sandbox] [--json]');
  });
});

describe('a certificate that this machine trusts', () => {
  /** An upstream with TLS; the environment of a process that trusts its certificate. */
  async function startTls(options: { readonly host: string; readonly notAfter?: string }) {
    const { cert, key } = selfSignedCertificate(options);
    const server = createServer({ cert, key }, (_request, response) => response.end('{"webhooks":[]}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const file = join(tmpdir(), `hookgraph-certificate-${port}.pem`);
    writeFileSync(file, cert);
    return { NODE_EXTRA_CA_CERTS: file, TRULAYER_API_KEY: 'tl_a', TRULAYER_BASE_URL: `https://localhost:${port}` };
  }

  test('is fine', async () => {
    const { exitCode, out } = await runCommand(['check'], await startTls({ host: 'localhost' }));
    expect(out).toMatch(/ok +TRULAYER +reading +can be read; there is no webhook yet/);
    expect(exitCode).toBe(0);
  });

  test('has to be for the host', async () => {
    const { exitCode, out } = await runCommand(['check'], await startTls({ host: 'other.example' }));
    expect(out).toContain('the certificate is for another name');
    expect(exitCode).toBe(1);
  });

  test('has to be valid now', async () => {
    const environment = await startTls({ host: 'localhost', notAfter: '210101000000Z' });
    const { exitCode, out } = await runCommand(['check'], environment);
    expect(out).toContain('(CERT_HAS_EXPIRED)');
    expect(exitCode).toBe(1);
  });
});
