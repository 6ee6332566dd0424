const BEGIN = '<!-- written by `npm run bench -- readme`, never by hand -->';
const END = '<!-- end of what the bench writes -->';

/**
 * A page with `text` in the one place that is the bench's. Throws where it has none.
 * @param {string} page
 * @param {string} text
 */
export function writtenPage(page, text) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('The page has no place for the table.');
  return `${page.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${page.slice(end)}`;
}
