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

/** The body of an answer: JSON, or a page of the balancer's, whole or cut. */
const BODY = /: (\{".*[}…]|<.*[>…])/s;

/** What is in a message as a program wrote it: the body of an answer, the lines of a log. */
export const rawPartsOf = (message: string): string[] => [
  ...(BODY.exec(withoutLog(message))?.slice(1) ?? []),
  ...message.split(MARK).slice(1),
];

/** What happened, without what programs wrote: a screen shows that once, with the finding. */
export const headlineOf = (message: string): string => withoutLog(message).replace(BODY, '');

const withoutLog = (message: string): string => message.split(MARK)[0] ?? message;
