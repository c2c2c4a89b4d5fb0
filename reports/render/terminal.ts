/** What a person reads in a terminal: the answer, what to know, and the first numbers. */
import type { Block, Document, Section, Told } from '../document/document.ts';
import { plain, sectionsFor } from '../document/plain.ts';
import { printable } from '../words/printable.ts';
import { tableText } from './terminal-table.ts';
import { wrapped } from './wrap.ts';

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
