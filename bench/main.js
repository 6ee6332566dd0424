// `npm run bench -- [command] [options]`; bench/README.md says what there is.
import { throughput } from './commands/throughput.js';
import { readOptions } from './options.js';

/** @type {Readonly<Record<string, (options: import('./options.js').Options) => Promise<void>>>} */
const COMMANDS = { throughput };

const options = readOptions(process.argv.slice(2));
const command = COMMANDS[options.command];
if (!command)
  throw new Error(`There is no command «${options.command}»; there are: ${Object.keys(COMMANDS).join(', ')}`);
await command(options);
