/** Reading documents, for renderers: text without its styles, and the blocks that an output shows. */
import type { Block, Column, Reach, Section, Table, Text } from './document.ts';

export type Output = 'terminal' | 'markdown' | 'page';

const shownIn: Readonly<Record<Reach, readonly Output[]>> = {
  everywhere: ['terminal', 'markdown', 'page'],
  documents: ['markdown', 'page'],
  page: ['page'],
};

export const reaches = (reach: Reach, output: Output): boolean => shownIn[reach].includes(output);

/** The words alone; items are told in one line. */
export function plain(text: Text): string {
  if (typeof text === 'string') return text;
  if (!('kind' in text)) return text.map(plain).join('');
  switch (text.kind) {
    case 'styled':
      return plain(text.text);
    case 'strategy':
      return text.title;
    case 'mark':
      return '';
    case 'items':
      return text.items.map(plain).join('; ');
  }
}

/** The sections that an output shows, with the blocks that it shows. */
export const sectionsFor = (sections: readonly Section[], output: Output): Section[] =>
  sections
    .filter(({ reach }) => reaches(reach, output))
    .map((each) => ({ ...each, blocks: blocksFor(each.blocks, output) }))
    .filter(({ blocks }) => blocks.length > 0);

function blocksFor(blocks: readonly Block[], output: Output): Block[] {
  return blocks.flatMap((block): Block[] => {
    switch (block.kind) {
      case 'only':
        return reaches(block.reach, output) ? blocksFor(block.blocks, output) : [];
      case 'details':
        return [{ ...block, blocks: blocksFor(block.blocks, output) }];
      case 'table':
        return [tableFor(block, output)];
      default:
        return [block];
    }
  });
}

function tableFor(table: Table, output: Output): Table {
  const shown = (_: unknown, i: number): boolean => reaches(table.columns[i]?.reach ?? 'everywhere', output);
  return {
    ...table,
    columns: table.columns.filter(shown),
    rows: table.rows.map((cells) => cells.filter(shown)),
  };
}

/** `CPU per request µs`. */
export const headingOf = ({ heading, unit }: Column): string =>
  unit === '' ? heading : `${heading} ${unit}`;
