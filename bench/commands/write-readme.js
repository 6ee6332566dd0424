import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from '../report/markdown-table.js';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const BEGIN = '<!-- written by `npm run bench -- readme`, never by hand -->';
const END = '<!-- end of what the bench writes -->';

/**
 * Puts the table of the run in `--json` into the README, between its marks.
 * @param {import('../options.js').Options} options
 */
export function writeReadme({ json }) {
  if (json === undefined) throw new Error('--json should name what an earlier run has written.');
  const readme = readFileSync(README, 'utf8');
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('The README has no place for the table.');
  const table = markdownTable(JSON.parse(readFileSync(json, 'utf8')));
  writeFileSync(README, `${readme.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${readme.slice(end)}`);
}
