/** Blocks of a document as HTML. */
import type { Block, Chart, Column, Section, Table, Text, Told } from '../../document/document.ts';
import { absent } from '../../words/format.ts';
import { chooseHtml } from './choose/form.ts';
import { type Child, html, type Markup } from './markup.ts';
import { drawnMark, inline, named } from './text.ts';

/** Charts as they were drawn, by id. */
export type Drawings = ReadonlyMap<string, Markup>;

/** A legend stays in sight for all that follows, so that it stands outside of its section. */
export function sectionHtml({ id, heading, blocks }: Section, drawings: Drawings): Markup {
  const legends = blocks.filter(({ kind }) => kind === 'legend');
  const others = blocks.filter(({ kind }) => kind !== 'legend');
  const drawn = (all: readonly Block[]): Markup[] => all.map((block) => blockHtml(block, drawings));
  return html`${drawn(legends)}<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${drawn(others)}</section>\n`;
}

/** Blocks without charts. */
export const blocksHtml = (blocks: readonly Block[]): Markup[] =>
  blocks.map((block) => blockHtml(block, new Map()));

function blockHtml(block: Block, drawings: Drawings): Markup {
  switch (block.kind) {
    case 'paragraph':
      return block.tone === 'hint'
        ? html`<p class="hint">${inline(block.text)}</p>`
        : html`<p>${inline(block.text)}</p>`;
    case 'heading':
      return html`<h3 id="${block.id}">${block.text}</h3>`;
    case 'list':
      return html`<ul>${block.items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
    case 'terms':
      return html`<dl>${block.terms.map(([term, text]) => html`<div><dt>${term}</dt><dd>${inline(text)}</dd></div>\n`)}</dl>`;
    case 'findings':
      return html`<ul class="findings">${block.findings.map(findingHtml)}</ul>`;
    case 'checklist':
      return html`<ul class="findings">${block.items.map(findingHtml)}</ul>`;
    case 'table':
      return tableHtml(block);
    case 'charts':
      return html`<div class="panels ${block.size}">${block.charts.map((chart) => panelHtml(chart, drawings))}</div>`;
    case 'key':
      return html`<ul class="key" aria-label="${block.label}">${block.entries.map(({ mark, text }) => html`<li>${drawnMark(mark)} ${inline(text)}</li>`)}</ul>`;
    case 'legend':
      return html`<div class="legend"><ul aria-label="Strategies in the charts">${block.strategies.map((strategy) => html`<li data-strategy="${strategy.label}">${named(strategy, strategy.label)}</li>`)}</ul></div>\n`;
    case 'switch':
      return html`<p class="scripted"><label><input type="checkbox" data-parameter="${block.parameter}"> ${block.text}</label></p>`;
    case 'choose':
      return chooseHtml(block.asked);
    case 'details':
      return html`<details><summary>${block.summary}</summary>${block.blocks.map((each) => blockHtml(each, drawings))}</details>`;
    case 'only':
      return html`${block.blocks.map((each) => blockHtml(each, drawings))}`;
  }
}

const findingHtml = ({ level, label, text, remedy }: Told): Markup =>
  html`<li class="finding ${level}"><strong>${label}</strong><div><p>${inline(text)}</p>${remedy === '' ? '' : html`<p class="remedy">${inline(remedy)}</p>`}</div></li>\n`;

/** A table that scrolls within itself where it is too wide; the first cell of a row names it. */
function tableHtml({ caption, columns, rows }: Table): Markup {
  const head = ({ heading, unit, kind, narrow }: Column): Markup =>
    html`<th scope="col" class="${classes[kind]}${asides[narrow]}">${heading}${unit === '' ? '' : html` <small>${unit}</small>`}</th>`;
  const cell = (text: Text, i: number): Markup => {
    const content: Child = text === absent ? html`<span class="absent">${absent}</span>` : inline(text);
    const { kind, narrow } = columns[i] ?? { kind: 'words', narrow: 'stay' };
    return html`<td class="${classes[kind]}${asides[narrow]}">${content}</td>`;
  };
  const beneath = (row: readonly Text[]): Markup[] =>
    columns.flatMap(({ heading, narrow }, i) =>
      narrow === 'below'
        ? [html`<small class="beneath">${heading}: ${inline(row[i] ?? absent)}</small>`]
        : [],
    );
  const line = (row: readonly Text[]): Markup => {
    const [name = '', ...others] = row;
    return html`<tr><th scope="row">${inline(name)}${beneath(row)}</th>${others.map((text, i) => cell(text, i + 1))}</tr>\n`;
  };
  return html`<div class="scroll" role="region" aria-label="Table: ${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(head)}</tr></thead>
<tbody>${rows.map(line)}</tbody></table></div>`;
}

const classes: Readonly<Record<Column['kind'], string>> = { words: 'text', numbers: 'number' };

/** Where the page is narrow such a column is gone, and its cells stand beneath the names of their rows. */
const asides: Readonly<Record<Column['narrow'], string>> = { stay: '', below: ' aside', drop: '' };

/** A chart as it was drawn; the page's script puts the interactive one in its place. */
function panelHtml({ id, heading, description }: Chart, drawings: Drawings): Markup {
  return html`<figure class="panel"><figcaption id="${id}-heading">${heading}</figcaption>
<div class="plot" data-chart="${id}" role="img" aria-label="${heading}. ${description}">${drawings.get(id)}</div></figure>\n`;
}
