/** The part of a page that published results fill: what stands between two marks. */

const begin =
  '<!-- results: npm run overview -- --publish DIR --readme FILE writes what follows, up to the next mark -->';
const end = '<!-- results: end -->';

/** What is wrong with the marks of a text; null where there is one pair of them. */
export function marksProblem(text: string): string | null {
  const [begins, ends] = [begin, end].map((mark) => text.split(mark).length - 1);
  if (begins === 1 && ends === 1 && text.indexOf(begin) < text.indexOf(end)) return null;
  return `it needs these two lines, once each and in this order: "${begin}" and "${end}"`;
}

/** @param text with one pair of marks @throws Error without them */
export function withMarked(text: string, content: string): string {
  const problem = marksProblem(text);
  if (problem !== null) throw new Error(problem);
  return `${text.slice(0, text.indexOf(begin))}${begin}\n${content}\n${text.slice(text.indexOf(end))}`;
}
