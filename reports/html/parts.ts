/** Small pieces that several sections use. */
import { absent } from '../words/format.ts';
import type { Chart } from './charts/chart.ts';
import { type Child, html, type Markup } from './markup.ts';
import type { StrategyView } from './model.ts';

export interface Column {
  readonly heading: Child;
  /** Numbers are set to the right in figures of equal width. */
  readonly kind: 'text' | 'number';
}

export const textColumn = (heading: Child): Column => ({ heading, kind: 'text' });
export const numberColumn = (heading: Child): Column => ({ heading, kind: 'number' });

/** A table that scrolls within itself where it is too wide; the first cell of a row names it. */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Child[])[],
): Markup {
  const cell = (child: Child, i: number): Markup => {
    if (i === 0) return html`<th scope="row">${child}</th>`;
    const missing = child === absent ? html`<span class="absent">${absent}</span>` : child;
    return columns[i]?.kind === 'number'
      ? html`<td class="number">${missing}</td>`
      : html`<td>${missing}</td>`;
  };
  return html`<div class="scroll" role="region" aria-label="Table: ${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${columns.map(({ heading, kind }) => html`<th scope="col" class="${kind}">${heading}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

export const behind = (summary: string, content: Child): Markup =>
  html`<details><summary>${summary}</summary>${content}</details>`;

export type Plots = ReadonlyMap<string, Markup>;

/** A chart as it was rendered; the page's script puts the interactive one in its place. */
export function panel(chart: Chart, plots: Plots): Markup {
  const heading = `${chart.id}-heading`;
  return html`<figure class="panel"><figcaption id="${heading}">${chart.heading}</figcaption>
<div class="plot" data-chart="${chart.id}" role="img" aria-label="${chart.heading}. ${chart.description}">${plots.get(chart.id)}</div></figure>\n`;
}

/** @param size `wide`: two beside each other where there is room, otherwise three */
export const panels = (charts: readonly Chart[], plots: Plots, size: 'small' | 'wide' = 'small'): Markup =>
  html`<div class="panels ${size}">${charts.map((chart) => panel(chart, plots))}</div>`;

/** The strategy's symbol in its colour, with its line. */
export const swatch = ({ look }: StrategyView): Markup =>
  html`<svg class="swatch" viewBox="0 0 28 16" aria-hidden="true" focusable="false"><path d="M0 8H28" fill="none" stroke="${look.colour}" stroke-width="2" stroke-dasharray="${look.dash.join(' ')}"/><path d="${look.shapePath}" transform="translate(6 0)" fill="${look.colour}" stroke="var(--panel)"/></svg>`;

export const named = (strategy: StrategyView): Markup =>
  html`<span class="strategy">${swatch(strategy)} ${strategy.label}</span>`;

export const section = (id: string, heading: string, ...content: readonly Child[]): Markup =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${content}</section>\n`;

export const tierKey = (tiers: readonly string[]): Markup =>
  html`<ul class="key" aria-label="Tiers">${tiers.map((tier) => html`<li><span class="block ${tier}"></span>${tier}</li>`)}</ul>`;
