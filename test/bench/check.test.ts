import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { build } from '../support/executable.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHORT = [
  '--workloads',
  'ping',
  '--rounds',
  '1',
  '--slice-ms',
  '100',
  '--warm-up-ms',
  '100',
  '--warm-up-calls',
  '1',
];

beforeAll(build);

/** Runs the check of the bench against a baseline in which the gateway's ping costs this multiple of raw-project. */
function check(ratio: number) {
  const baseline = join(mkdtempSync(join(tmpdir(), 'hookgraph-bench-')), 'baseline.json');
  writeFileSync(baseline, JSON.stringify({ ratios: { hookgraph: { ping: ratio } } }));
  const contenders = ['--contenders', 'raw-project,hookgraph'];
  const args = ['bench/main.js', 'check', ...contenders, ...SHORT, '--baseline', baseline];
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}

test('the check fails where the gateway costs more than the baseline allows, after a second look', () => {
  const { status, stdout, stderr } = check(0.01);
  expect(stdout).toContain('Measuring once more');
  expect(stdout).toMatch(/WORSE {2}hookgraph ping: \d+\.?\d* x raw-project, baseline 0\.01/);
  expect(stderr).toContain('a third above the baseline');
  expect(status).toBe(1);
}, 120_000);

test('the check passes where it costs less, and asks for a new baseline', () => {
  const { status, stdout, stderr } = check(10_000);
  expect(stdout).toMatch(/BETTER hookgraph ping: \d+\.?\d* x raw-project, baseline 10000/);
  expect(stderr).toContain('RENEW THE BASELINE (npm run bench -- baseline): 1 of its ratios');
  expect(status).toBe(0);
}, 120_000);

test('a contender that is not there is named', () => {
  const { status, stderr } = spawnSync(process.execPath, ['bench/main.js', '--contenders', 'nobody'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stderr).toContain('There is no contender «nobody»; there are: raw-pass');
  expect(status).toBe(1);
});
