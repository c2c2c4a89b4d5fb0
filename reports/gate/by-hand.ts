/** What the comparison's and the self-test's own outputs still put together by hand; goes when they are documents. */
import { printable } from '../words/printable.ts';

export const plainFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '─',
  'mid-mid': '──',
  middle: '  ',
} as const;

export const signs = { alarm: '🛑 **Wrong answers**', warning: '⚠️ **Warning**', note: 'ℹ️ Note' } as const;

export const escaped = (text: string): string =>
  printable(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]#|~@$]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:\/\//g, ':&#47;&#47;');

export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = headings.map((_, i) => (i < textColumns ? ':--' : '--:'));
  return [line(headings), line(rule), ...rows.map(line)].join('\n');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

export const escapeXml = (text: string): string =>
  printable(text).replace(/[&<>"'\n\t\r]/g, (character) => entities[character] ?? '');
