/** The last words of a program, as the end of a sentence: whole lines, few of them, and each cut where it is long. */

const MOST_LINES = 8;
const LONGEST_LINE = 200;
const MARK = '; its last log lines: ';

const cut = (line: string): string =>
  line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE).trimEnd()} …`;

/** The last lines that are not empty, in one. */
export const inOneLine = (lines: readonly string[]): string =>
  lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-MOST_LINES)
    .map(cut)
    .join(' | ');

/** @param message what happened, without a full stop */
export function withLog(message: string, lines: readonly string[]): string {
  const words = inOneLine(lines);
  return words === '' ? `${message}; it wrote nothing to its log` : `${message}${MARK}${words}`;
}

/** What happened, without the log: a screen shows the log once, with the finding. */
export const headlineOf = (message: string): string => message.split(MARK)[0] ?? message;
