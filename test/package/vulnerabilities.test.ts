import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { refusedBaseUrl } from '../support/fault-upstream.ts';

/** Runs the check against a registry. */
async function check(registry: string, folder = '.') {
  // npm remembers advisories.
  const cache = mkdtempSync(join(tmpdir(), 'hookgraph-npm-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const settings = { npm_config_registry: registry, npm_config_cache: cache, npm_config_fetch_retries: '0' };
  const child = spawn(process.execPath, [resolve('scripts/check-vulnerabilities.js')], {
    cwd: folder,
    env: { ...process.env, ...settings },
  });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close').then(([status]: unknown[]) => status),
  ]);
  return { code, out, err };
}

async function startRegistry(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** A registry that knows advisories by package, and notes which packages it was asked about. */
async function startAdvisories(severities: Readonly<Record<string, string>>) {
  const asked = new Set<string>();
  const registry = await startRegistry(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(404).end('{}');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    for (const name of Object.keys(JSON.parse(body.toString()))) asked.add(name);
    const advisories = Object.entries(severities).map(([name, severity], index) => [
      name,
      [{ id: index + 1, url: 'https://advisories.example/1', title: 'Bad', severity, vulnerable_versions: '*' }],
    ]);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(Object.fromEntries(advisories)));
  });
  return { registry, asked };
}

describe('the check for known vulnerabilities', () => {
  test('passes where the registry knows of none, and has asked about what is shipped', async () => {
    const { registry, asked } = await startAdvisories({});
    const { code, out } = await check(registry);
    expect(out).toMatch(/^0 high or critical advisories for \d+ production dependencies/);
    expect(code).toBe(0);
    expect(asked).toContain('undici');
    expect(asked).not.toContain('vitest');
  });

  test.each(['high', 'critical'])('fails for a %s one, and names the package', async (severity) => {
    const { registry } = await startAdvisories({ undici: severity });
    const { code, err } = await check(registry);
    expect(err).toContain(`${severity}: undici, Bad (https://advisories.example/1)`);
    expect(code).toBe(1);
  });

  test('passes with a moderate one', async () => {
    const { registry } = await startAdvisories({ undici: 'moderate' });
    expect((await check(registry)).code).toBe(0);
  });

  test.each([405, 404, 503])('says that the registry does not tell, where it answers %i', async (status) => {
    const registry = await startRegistry((_request, response) => void response.writeHead(status).end());
    const { code, out } = await check(registry);
    expect(out).toContain(`NOT CHECKED for known vulnerabilities: the registry does not tell (HTTP ${status})`);
    expect(code).toBe(0);
  });

  test('fails where npm itself does, rather than say that all is well', async () => {
    const { registry } = await startAdvisories({});
    const { code, err } = await check(registry, mkdtempSync(join(tmpdir(), 'hookgraph-no-lock-')));
    expect(err).toContain('ENOLOCK');
    expect(code).toBe(1);
  });

  test('says so where nobody listens', async () => {
    const { code, out } = await check(await refusedBaseUrl());
    expect(out).toContain('NOT CHECKED for known vulnerabilities: the registry does not tell (ECONNREFUSED)');
    expect(code).toBe(0);
  });
});
