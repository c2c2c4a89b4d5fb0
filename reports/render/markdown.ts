/** GitHub-flavoured Markdown, for a job summary or a pull request. */
import type { Answer, Block, Document, Section, Style, Table, Text, Told } from '../document/document.ts';
import { headingOf, sectionsFor } from '../document/plain.ts';
import { printable } from '../words/printable.ts';

export function markdown(document: Document): string {
  return [
    `# ${escaped(document.title)}`,
    `${answerSigns[document.answer.tone]}**${escaped(document.answer.text)}**`,
    document.details.map((sentence) => `- ${escaped(sentence)}`).join('\n'),
    inline(document.setting),
    ...sectionsFor(document.sections, 'markdown').map(sectionText),
    '',
  ]
    .filter((part, i, all) => part !== '' || i === all.length - 1)
    .join('\n\n');
}

const answerSigns: Readonly<Record<Answer['tone'], string>> = {
  plain: '',
  good: '✅ ',
  bad: '🛑 ',
  open: '❔ ',
  void: '⚠️ ',
};

const sectionText = ({ heading, blocks }: Section): string =>
  [`## ${escaped(heading)}`, ...blocks.map(blockText)].filter((part) => part !== '').join('\n\n');

/** Everything that Markdown or the HTML inside it could take for its own. */
export const escaped = (text: string): string =>
  printable(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_[\]#|~@$]/g, (character) => `\\${character}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:\/\//g, ':&#47;&#47;');

const around: Readonly<Record<Style, readonly [string, string]>> = {
  strong: ['**', '**'],
  bad: ['**', '**'],
  notable: ['**', '**'],
  emphasis: ['*', '*'],
  badge: ['(', ')'],
  code: ['<code>', '</code>'],
  small: ['', ''],
  good: ['', ''],
  letters: ['', ''],
  unbroken: ['', ''],
  roomy: ['', ''],
};

function inline(text: Text): string {
  if (typeof text === 'string') return escaped(text);
  if (!('kind' in text)) return text.map(inline).join('');
  switch (text.kind) {
    case 'styled': {
      const [before, after] = around[text.style];
      const inner = inline(text.text);
      // Marks around nothing would be text.
      return inner === '' ? '' : `${before}${inner}${after}`;
    }
    case 'strategy':
      return escaped(text.title);
    case 'mark':
      return text.sign === '' ? '' : `${text.sign} `;
    case 'items':
      return text.items.map(inline).join('; ');
  }
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.tone === 'hint' ? `<sub>${inline(block.text)}</sub>` : inline(block.text);
    case 'heading':
      return `### ${escaped(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${inline(item)}`).join('\n');
    case 'terms':
      return block.terms.map(([term, text]) => `- **${escaped(term)}**: ${inline(text)}`).join('\n');
    case 'findings':
      return block.findings.map(findingLine).join('\n');
    case 'checklist':
      return block.items.map(findingLine).join('\n');
    case 'table':
      return tableText(block);
    case 'details':
      return `<details><summary>${escaped(block.summary)}</summary>\n\n${block.blocks.map(blockText).join('\n\n')}\n\n</details>`;
    case 'only':
      return block.blocks.map(blockText).join('\n\n');
    case 'key':
    case 'charts':
    case 'legend':
    case 'switch':
    case 'choose':
      return '';
  }
}

const levels: Readonly<Record<Told['level'], (label: string) => string>> = {
  alarm: (label) => `🛑 **${label}**`,
  warning: (label) => `⚠️ **${label}**`,
  note: (label) => `ℹ️ ${label}`,
  later: (label) => label,
  good: (label) => `✅ ${label}`,
};

const findingLine = ({ level, label, text, remedy }: Told): string =>
  `- ${levels[level](escaped(label))}: ${inline(text)} ${inline(remedy)}`.trimEnd();

function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = columns.map(({ kind }) => (kind === 'words' ? ':--' : '--:'));
  return [
    line(columns.map((column) => escaped(headingOf(column)))),
    line(rule),
    ...rows.map((cells) => line(cells.map((cell) => inline(cell).trim()))),
  ].join('\n');
}
