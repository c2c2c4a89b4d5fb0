/** HTML that escapes itself: whatever is put into an `html` template is text, unless it is markup already. */
import { printable } from '../../words/printable.ts';

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Child = Markup | string | number | null | undefined | false | readonly Child[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and within a quoted attribute. */
export const escapeHtml = (text: string): string =>
  printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** Only for text that this program made: style sheets, scripts, rendered charts. */
export const trusted = (text: string): Markup => new Markup(text);

export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  return new Markup(strings.map((text, i) => (i === 0 ? text : render(children[i - 1]) + text)).join(''));
}

function render(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'string' || typeof child === 'number') return escapeHtml(String(child));
  return child.map(render).join('');
}

/** JSON for a script element: it cannot end the element, nor open a comment, whatever the strings hold. */
export const jsonIsland = (value: unknown): Markup =>
  new Markup(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
