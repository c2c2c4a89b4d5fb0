/** Text in lines of a width. */

/** Narrower than this nothing is wrapped. */
const LEAST_WIDTH = 20;

/** A paragraph; a word that is longer than a line stays whole. */
export const wrapped = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${Math.max(LEAST_WIDTH, width)}})(?: +|$)`, 'g'), '$1\n').trimEnd();

/** Lines of at most a width, at least one: between words where that can be, within a word where it cannot. */
export const linesOf = (text: string, width: number): readonly string[] =>
  text.split('\n').flatMap((each) => (each.length <= width ? [each] : broken(each, width)));

function broken(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(' '))
    for (const [at, piece] of pieces(word, width).entries()) {
      const longer: string = line === null ? piece : `${line}${at === 0 ? ' ' : ''}${piece}`;
      if (line !== null && longer.length > width) {
        lines.push(line);
        line = piece;
      } else line = longer;
    }
  return line === null ? lines : [...lines, line];
}

/** The parts of a word that is longer than a line: behind a hyphen or an @ where it has one. */
function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const cut = Math.max(word.lastIndexOf('-', width - 1), word.lastIndexOf('@', width - 1));
  const at = cut > 0 ? cut + 1 : width;
  return [word.slice(0, at), ...pieces(word.slice(at), width)];
}
