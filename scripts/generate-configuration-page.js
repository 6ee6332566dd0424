// Writes the table of docs/configuration.md from the variables that the build knows.
import { readFileSync, writeFileSync } from 'node:fs';
import { gatewayVariables } from '../dist/config/gateway-variables.js';
import { PROVIDERS } from '../dist/providers/registry.js';

const PAGE = 'docs/configuration.md';
const HEAD = '| variable | default | meaning |\n| --- | --- | --- |\n';

const variables = [...PROVIDERS.flatMap((provider) => provider.variables), ...Object.values(gatewayVariables)];
const rows = variables.map(
  ({ name, help, defaultText }) =>
    `| \`${name}\` | ${defaultText === undefined ? '–' : `\`${defaultText}\``} | ${help} |\n`,
);
const page = readFileSync(PAGE, 'utf8');
const start = page.indexOf(HEAD);
if (start < 0) throw new Error(`${PAGE} has no table to fill.`);
const rest = page.slice(start + HEAD.length).replace(/^(\|.*\n)+/, '');
writeFileSync(PAGE, `${page.slice(0, start)}${HEAD}${rows.join('')}${rest}`);
