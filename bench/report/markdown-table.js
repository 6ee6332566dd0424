/**
 * Rows as Markdown: the first column to the left, the others to the right.
 * @param {readonly (readonly string[])[]} rows the first are the headings
 */
export function markdownTable(rows) {
  const [headings = []] = rows;
  const rule = headings.map((_, column) => (column === 0 ? '---' : '---:'));
  return [headings, rule, ...rows.slice(1)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
