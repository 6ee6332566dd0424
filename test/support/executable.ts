import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { createGate } from './gate.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The gateway as a process of its own. */
export interface RunningGateway {
  readonly child: ChildProcess;
  readonly url: string;
  /** Its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** What it has written to its log so far. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** Everything that it has written so far, on both of its outputs. */
  written(): string;
}

/** Builds what has changed. */
export function build(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts', 'build.js')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
}

/** Starts the executable with nothing of this process's environment, unless told otherwise where no .env file is. */
export function startExecutable(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string = mkdtempSync(join(tmpdir(), 'hookgraph-')),
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [join(ROOT, 'dist', 'main.js'), ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts the gateway on a free port, and waits until it listens; ends with the test. */
export async function runGateway(environment: Readonly<Record<string, string>>): Promise<RunningGateway> {
  const child = startExecutable([], { PORT: '0', ...environment });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  const ready = createGate();
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (out.includes('hookgraph is running')) ready.open();
  });
  await Promise.race([ready.opened, ended.then(() => Promise.reject(new Error(`it ended: ${out}${err}`)))]);
  return {
    child,
    ended,
    written: () => out + err,
    url: /http:\/\/[\w.:[\]]+(?=\/graphql)/.exec(out)?.[0] ?? '',
    log: () => out.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : [])),
  };
}

/** Runs the executable to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
): Promise<{ readonly exitCode: number | null; readonly out: string; readonly err: string }> {
  const child = startExecutable(args, environment, cwd);
  try {
    const [out, err, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { exitCode, out, err };
  } finally {
    child.kill('SIGKILL');
  }
}
