/** What a person reads in a terminal: the answer, what to know, and the first numbers. */
import Table from 'cli-table3';
import type { Block, Column, Document, Section, Table as TableBlock, Told } from '../document/document.ts';
import { plain, sectionsFor } from '../document/plain.ts';
import { printable } from '../words/printable.ts';

export interface TerminalOptions {
  /** Width in characters; that of the terminal unless given, 80 where there is none. */
  readonly columns?: number;
}

export function terminal(document: Document, options: TerminalOptions = {}): string {
  const columns = options.columns ?? process.stdout.columns ?? 80;
  const parts = [
    printable(document.answer.text),
    document.details.map((sentence) => `· ${printable(sentence)}`).join('\n'),
    wrapped(printable(plain(document.setting)), columns),
    ...sectionsFor(document.sections, 'terminal').map((section) => sectionText(section, columns)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function sectionText({ heading, blocks }: Section, columns: number): string {
  const parts = blocks.map((block) => blockText(block, columns)).filter((part) => part !== '');
  return parts.length === 0 ? '' : `${printable(heading)}\n${parts.join('\n\n')}`;
}

function blockText(block: Block, columns: number): string {
  switch (block.kind) {
    case 'paragraph':
      return wrapped(printable(plain(block.text)), columns);
    case 'heading':
      return printable(block.text);
    case 'list':
      return block.items.map((item) => `· ${printable(plain(item))}`).join('\n');
    case 'terms':
      return aligned(block.terms.map(([term, text]) => [printable(term), printable(plain(text))]));
    case 'findings':
      return findingsText(block.findings);
    case 'checklist':
      return checklistText(block.items);
    case 'table':
      return tableText(block, columns);
    case 'details':
    case 'only':
      return block.blocks.map((each) => blockText(each, columns)).join('\n\n');
    case 'key':
    case 'charts':
    case 'legend':
    case 'switch':
    case 'choose':
      return '';
  }
}

const wrapped = (text: string, width: number): string =>
  text.replace(new RegExp(`(.{1,${Math.max(20, width)}})(?: +|$)`, 'g'), '$1\n').trimEnd();

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `${first.padEnd(width)}  ${second}`).join('\n');
}

const signs: Readonly<Record<Told['level'], string>> = {
  alarm: '✖',
  warning: '!',
  note: '·',
  later: '↓',
  good: '✔',
};

const findingsText = (findings: readonly Told[]): string =>
  findings
    .map(
      ({ level, text, remedy }) => `${signs[level]} ${printable(`${plain(text)} ${plain(remedy)}`).trim()}`,
    )
    .join('\n');

/** Names stand in a column of their own; what to do follows on a line of its own. */
function checklistText(items: readonly Told[]): string {
  const width = Math.max(0, ...items.map(({ label }) => label.length));
  const indent = ' '.repeat(width + 6);
  return items
    .map(({ level, label, text, remedy }) => {
      const found = plain(text).split('\n').map(printable).join(`\n${indent}`);
      const line = `  ${signs[level]} ${printable(label).padEnd(width)}  ${found}`;
      return plain(remedy) === '' ? line : `${line}\n${indent}→ ${printable(plain(remedy))}`;
    })
    .join('\n');
}

/** Spaces between columns. */
const gap = 2;
const shortestName = 12;

/** A table, or paragraphs where it would be wider than the terminal. */
function tableText(table: TableBlock, columns: number): string {
  if (table.rows.length === 0) return '';
  const rows = table.rows.map((cells) => cells.map((cell) => printable(plain(cell))));
  return framed(table.columns, rows, columns) ?? asParagraphs(table.columns, rows);
}

/** Null where the table would be wider than the terminal, names cut short. */
function framed(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string | null {
  const [nameWidth = 0, ...otherWidths] = columns.map(({ short }, i) =>
    Math.max(short.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const room = width - otherWidths.reduce((sum, each) => sum + gap + each, 0);
  if (room < Math.min(nameWidth, shortestName)) return null;
  const table = new Table({
    head: columns.map(({ short }) => short),
    colAligns: columns.map(({ kind }) => (kind === 'words' ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  for (const [name = '', ...others] of rows) table.push([shortened(name, room), ...others]);
  return table.toString().replaceAll(/ +$/gm, '');
}

/** A rule under the heading and nothing else: copies well into an issue. */
const plainFrame = {
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

const shortened = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;

/** The columns of words that come first name a row. */
function asParagraphs(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const firstNumber = columns.findIndex(({ kind }) => kind === 'numbers');
  const named = Math.max(1, firstNumber);
  const rest = columns.slice(named).map(({ short }) => short);
  const width = Math.max(...rest.map((heading) => heading.length)) + 2;
  return rows
    .map((cells) =>
      [
        cells.slice(0, named).join(', '),
        ...rest.map((heading, i) => `  ${heading.padEnd(width)}${cells[i + named] ?? ''}`.trimEnd()),
      ].join('\n'),
    )
    .join('\n\n');
}
