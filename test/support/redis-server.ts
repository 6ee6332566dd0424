import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, onTestFinished, test } from 'vitest';
import { freePort } from './free-port.ts';

const PROGRAM = '/usr/bin/redis-server';

/** A suite that needs a real Redis. Where there is none it is skipped, and says what to do; in CI it fails instead. */
export function describeWithRedis(name: string, define: () => void): void {
  if (existsSync(PROGRAM)) {
    describe(name, define);
  } else if (process.env.CI) {
    test(name, () => {
      throw new Error(`there is no ${PROGRAM}: apt-get install redis-server`);
    });
  } else {
    test.skip(`${name} (there is no ${PROGRAM}; do: apt-get install redis-server)`);
  }
}

/** A Redis that forgets everything when it ends. */
export interface RedisServer {
  readonly url: string;
  /** To look at what lies there, or to spoil it. */
  readonly client: Redis;
  /** Dies without a word. */
  kill(): Promise<void>;
  /** Comes back at the same place, empty. */
  start(): Promise<void>;
  /** Keeps its connections, and answers nothing until `goOn`. */
  hang(): void;
  goOn(): void;
}

/** Starts one on a free loopback port; it ends with the test. */
export async function startRedis({ password }: { readonly password?: string } = {}): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'hookgraph-redis-'));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn(PROGRAM, [...settings, ...(password ? ['--requirepass', password] : [])]);
    child = started;
    let out = '';
    await new Promise<void>((resolve, reject) => {
      started.stdout.on('data', (chunk) => {
        out += chunk;
        if (out.includes('Ready to accept connections')) resolve();
      });
      started.once('exit', () => reject(new Error(`redis-server ended: ${out}`)));
    });
  }

  async function kill(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`;
  const client = new Redis(url);
  client.on('error', () => {});
  onTestFinished(async () => {
    client.disconnect();
    await kill();
  });
  return { url, client, kill, start, hang: () => void child?.kill('SIGSTOP'), goOn: () => void child?.kill('SIGCONT') };
}

/** Everything that lies there, as text: keys, and what they hold. */
export async function dumpOf(client: Redis): Promise<string> {
  const lines: string[] = [];
  for (const key of await client.keys('*')) {
    const isHash = (await client.type(key)) === 'hash';
    lines.push(`${key} ${isHash ? JSON.stringify(await client.hgetall(key)) : await client.get(key)}`);
  }
  return lines.join('\n');
}
