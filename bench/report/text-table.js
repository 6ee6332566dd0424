/**
 * Rows as columns of equal width, the first to the left and the others to the right.
 * @param {readonly (readonly string[])[]} rows the first are the headings
 */
export function textTable(rows) {
  const [headings = []] = rows;
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (/** @type {readonly string[]} */ row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  return [headings, rule, ...rows.slice(1)].map((row) => line(row).join('  ')).join('\n');
}
