import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { capacityTable } from '../report/capacity-table.js';
import { ratioTable } from '../report/ratio-table.js';
import { writtenPage } from '../report/written-page.js';

/** What is written where. */
const TABLES = [
  { file: '../../README.md', table: ratioTable },
  { file: '../../docs/scale.md', table: capacityTable },
];

/**
 * Puts the tables of the run in `--json` into the pages that show them, so that they tell of the same run.
 * @param {import('../options.js').Options} options
 */
export function writePages({ json }) {
  if (json === undefined) throw new Error('--json should name what an earlier run has written.');
  /** @type {import('../report/run.js').Run} */
  const run = JSON.parse(readFileSync(json, 'utf8'));
  // All of them before any is written: a run that lacks something changes nothing.
  const pages = TABLES.map(({ file, table }) => {
    const path = fileURLToPath(new URL(file, import.meta.url));
    return { path, text: writtenPage(readFileSync(path, 'utf8'), table(run)) };
  });
  for (const { path, text } of pages) writeFileSync(path, text);
}
