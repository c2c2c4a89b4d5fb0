/** Text of a document as HTML. */
import type { Mark, StrategyName, Style, Text } from '../../document/document.ts';
import { type Child, html, type Markup } from './markup.ts';
import { shapePaths } from './shapes.ts';

export function inline(text: Text): Child {
  if (typeof text === 'string') return text;
  if (!('kind' in text)) return text.map(inline);
  switch (text.kind) {
    case 'styled':
      return styles[text.style](inline(text.text));
    case 'mark':
      return drawnMark(text);
    case 'strategy':
      return named(text);
    case 'items':
      return html`<ul class="reasons">${text.items.map((item) => html`<li>${inline(item)}</li>`)}</ul>`;
  }
}

const styles: Readonly<Record<Style, (text: Child) => Markup>> = {
  strong: (text) => html`<b>${text}</b>`,
  emphasis: (text) => html`<em>${text}</em>`,
  code: (text) => html`<code>${text}</code>`,
  small: (text) => html`<small>${text}</small>`,
  bad: (text) => html`<b class="bad">${text}</b>`,
  good: (text) => html`<span class="ok">${text}</span>`,
  notable: (text) => html`<span class="seen">${text}</span>`,
  badge: (text) => html`<span class="status">${text}</span>`,
  letters: (text) => html`<span class="letters">${text}</span>`,
  unbroken: (text) => html`<span class="unbroken">${text}</span>`,
  roomy: (text) => html`<span class="words">${text}</span>`,
};

export function drawnMark({ look }: Mark): Markup {
  const fill = look.hollow ? 'var(--panel)' : look.colour;
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="${shapePaths[look.shape]}" fill="${fill}" stroke="${look.colour}" stroke-width="${look.hollow ? 1.6 : 0}"/></svg>`;
}

/** The strategy's symbol in its colour, with its line. @param words its title unless given */
export const named = ({ label, title, look }: StrategyName, words = title): Markup =>
  html`<span class="${words === label ? 'unbroken' : 'long'}"><svg class="swatch" viewBox="0 0 28 16" aria-hidden="true" focusable="false"><path d="M0 8H28" fill="none" stroke="${look.colour}" stroke-width="2" stroke-dasharray="${look.dash.join(' ')}"/><path d="${shapePaths[look.shape]}" transform="translate(6 0)" fill="${look.colour}" stroke="var(--panel)"/></svg> ${words}</span>`;
