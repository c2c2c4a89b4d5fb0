/** A table in a terminal: as it is where it fits; else with less beside each other, and as paragraphs where nothing helps. */
import Table from 'cli-table3';
import type { Column, Table as TableBlock } from '../document/document.ts';
import { plain } from '../document/plain.ts';
import { absent } from '../words/format.ts';
import { printable } from '../words/printable.ts';
import { linesOf } from './wrap.ts';

/** Spaces between columns. */
const gap = 2;
/** Words are wrapped in columns of this width at least. */
const narrowest = 12;
/** What takes more lines is no table any more. */
const mostLines = 5;
const indent = '  ';

interface Cells {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** @param width in characters */
export function tableText({ columns, rows }: TableBlock, width: number): string {
  if (rows.length === 0) return '';
  const all = { columns, rows: rows.map((cells) => cells.map((cell) => printable(plain(cell)))) };
  return beside(all, width) ?? besideAndBelow(all, width) ?? asParagraphs(all, width);
}

/** Every cell on one line; null where the table would be wider than the terminal. */
function beside(cells: Cells, width: number): string | null {
  const widths = widthsOf(cells);
  return total(widths) > width ? null : drawn(cells, widths).join('\n');
}

/** Columns that may go below do, words are wrapped, and columns that may be left out are, the last one first. */
function besideAndBelow(all: Cells, width: number): string | null {
  const below = withColumns(all, ({ narrow }) => narrow === 'below');
  let kept = withColumns(all, ({ narrow }) => narrow !== 'below');
  const left: string[] = [];
  for (;;) {
    const widths = wrappedWidths(kept, width);
    if (widths !== null)
      return [...drawn(kept, widths, belowLines(below, width)), ...leftOut(left, width)].join('\n');
    const last = kept.columns.findLast(({ narrow }) => narrow === 'drop');
    if (last === undefined) return null;
    left.unshift(last.short);
    kept = withColumns(kept, (column) => column !== last);
  }
}

const withColumns = ({ columns, rows }: Cells, shown: (column: Column) => boolean): Cells => {
  const kept = columns.map(shown);
  return {
    columns: columns.filter((_, i) => kept[i]),
    rows: rows.map((row) => row.filter((_, i) => kept[i])),
  };
};

const leftOut = (names: readonly string[], width: number): readonly string[] =>
  names.length === 0 ? [] : linesOf(`Left out for want of room: ${names.join(', ')}.`, width);

const widthsOf = ({ columns, rows }: Cells): readonly number[] =>
  columns.map(({ short }, i) => Math.max(short.length, ...rows.map((row) => row[i]?.length ?? 0)));

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, each) => sum + each, gap * (widths.length - 1));

/** Columns of words give way, the widest first; null where that is not enough. */
function wrappedWidths(cells: Cells, width: number): readonly number[] | null {
  const widths = [...widthsOf(cells)];
  while (total(widths) > width) {
    const giving = cells.columns.flatMap(({ kind, short }, i) => {
      const own = widths[i] ?? 0;
      return kind === 'words' && own > Math.max(narrowest, short.length) ? [{ i, own }] : [];
    });
    const [widest] = giving.toSorted((a, b) => b.own - a.own);
    if (widest === undefined) return null;
    widths[widest.i] = widest.own - 1;
  }
  const isLow = cells.rows.every((row) =>
    row.every((cell, i) => linesOf(cell, widths[i] ?? cell.length).length <= mostLines),
  );
  return isLow ? widths : null;
}

/** Of each row; what is not there is not told. */
const belowLines = ({ columns, rows }: Cells, width: number): readonly (readonly string[])[] =>
  rows.map((row) =>
    columns.flatMap(({ heading }, i) => {
      const cell = row[i] ?? '';
      if (cell === '' || cell === absent) return [];
      const [first = '', ...others] = linesOf(`${heading}: ${cell}`, width - 2 * indent.length);
      return [`${indent}${first}`, ...others.map((line) => `${indent}${indent}${line}`)];
    }),
  );

/** @param below lines behind each row */
function drawn(
  { columns, rows }: Cells,
  widths: readonly number[],
  below: readonly (readonly string[])[] = [],
): readonly string[] {
  const table = new Table({
    head: columns.map(({ short }) => short),
    colAligns: columns.map(({ kind }) => (kind === 'words' ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: plainFrame,
  });
  const wrapped = rows.map((row) => row.map((cell, i) => linesOf(cell, widths[i] ?? cell.length)));
  for (const row of wrapped) table.push(row.map((lines) => lines.join('\n')));
  const lines = table.toString().replaceAll(/ +$/gm, '').split('\n');
  const head = lines.splice(0, 2);
  return [
    ...head,
    ...wrapped.flatMap((row, i) => [
      ...lines.splice(0, Math.max(1, ...row.map((cell) => cell.length))),
      ...(below[i] ?? []),
    ]),
  ];
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

/** The columns of words that come first name a row. */
function asParagraphs({ columns, rows }: Cells, width: number): string {
  const firstNumber = columns.findIndex(({ kind }) => kind === 'numbers');
  const named = Math.max(1, firstNumber);
  const rest = columns.slice(named).map(({ short }) => short);
  const label = Math.max(...rest.map((heading) => heading.length)) + gap;
  return rows
    .map((cells) =>
      [
        cells.slice(0, named).join(', '),
        ...rest.map((heading, i) => {
          const [first = '', ...others] = linesOf(
            cells[i + named] ?? '',
            Math.max(narrowest, width - indent.length - label),
          );
          const hanging = ' '.repeat(indent.length + label);
          return [
            `${indent}${heading.padEnd(label)}${first}`.trimEnd(),
            ...others.map((line) => `${hanging}${line}`),
          ].join('\n');
        }),
      ].join('\n'),
    )
    .join('\n\n');
}
