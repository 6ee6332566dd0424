// `npm run bench -- [command] [options]`; bench/README.md says what there is.
import { calls } from './commands/calls.js';
import { check, renewBaseline } from './commands/check.js';
import { edges } from './commands/edges.js';
import { latency } from './commands/latency.js';
import { memory } from './commands/memory.js';
import { throughput } from './commands/throughput.js';
import { writePages } from './commands/write-pages.js';
import { readOptions } from './options.js';

/** @type {Readonly<Record<string, (options: import('./options.js').Options) => Promise<void> | void>>} */
const COMMANDS = { throughput, latency, calls, memory, edges, check, baseline: renewBaseline, readme: writePages };

try {
  const options = readOptions(process.argv.slice(2));
  const command = COMMANDS[options.command];
  if (!command) throw new Error(`There is no command «${options.command}»: ${Object.keys(COMMANDS).join(', ')}`);
  await command(options);
} catch (error) {
  console.error(error instanceof Error ? `bench: ${error.message}` : error);
  process.exitCode = 1;
}
