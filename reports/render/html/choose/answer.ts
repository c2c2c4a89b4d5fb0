/** An advice as HTML, in the same words as in the terminal: what the page's script puts below the fields. */
import { agesOf } from '../../../../advice/prices/prices.ts';
import type { Wishes } from '../../../../advice/wishes/wishes.ts';
import { type Asked, answered } from '../../../advice/asked.ts';
import { advicePage } from '../../../advice/page.ts';
import { sectionsFor } from '../../../document/plain.ts';
import { blocksHtml } from '../blocks.ts';
import { html } from '../markup.ts';

export interface AnswerHtml {
  /** Plain text. */
  readonly sentence: string;
  readonly rest: string;
}

/** @param today as `2026-11-26` */
export function answerHtml(asked: Asked, wishes: Wishes, today: string): AnswerHtml {
  const document = advicePage({ ...answered(asked, wishes), remarks: agesOf(asked.book, today) });
  const sections = sectionsFor(document.sections, 'page');
  return {
    sentence: document.answer.text,
    rest: html`<ul>${document.details.map((each) => html`<li>${each}</li>`)}</ul>${sections.map(
      ({ heading, blocks }) => html`<h3>${heading}</h3>${blocksHtml(blocks)}`,
    )}`.text,
  };
}
