/** Answers in few words: what weighs most goes in first, as long as there is room. */
import { mostWords } from '../document/document.ts';

export interface Part {
  readonly text: string;
  /** Clauses come first and make one sentence, of which `end` is the last; sentences follow. */
  readonly as: 'clause' | 'end' | 'sentence';
}

export const clause = (text: string): Part => ({ text, as: 'clause' });
export const endOf = (text: string): Part => ({ text, as: 'end' });
export const sentenceOf = (text: string): Part => ({ text, as: 'sentence' });

export const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/** A text that has room in an answer, or else another one. */
export const inFewWords = (text: string, otherwise: string): string =>
  countWords(text) <= mostWords ? text : otherwise;

/** What is said, and what found no room. */
export interface Brief {
  readonly text: string;
  readonly left: readonly Part[];
}

/**
 * @param start what the first sentence begins with, up to its clauses
 * @param parts the weightiest first; an empty text is passed over
 */
export function brief(start: string, parts: readonly Part[], between = '; '): Brief {
  const chosen: Part[] = [];
  const left: Part[] = [];
  for (const part of parts.filter(({ text }) => text !== '')) {
    const fits = countWords(composed(start, [...chosen, part], between)) <= mostWords;
    (fits ? chosen : left).push(part);
  }
  return { text: composed(start, chosen, between), left };
}

function composed(start: string, parts: readonly Part[], between: string): string {
  const texts = (as: Part['as']): string[] => parts.filter((part) => part.as === as).map(({ text }) => text);
  const first = `${start}${[...texts('clause'), ...texts('end')].join(between)}`.replace(/[:;,]? *$/, '');
  return [first, ...texts('sentence')]
    .filter((text) => text !== '')
    .map((text) => `${text.replace(/\.$/, '')}.`)
    .join(' ');
}

interface Named {
  readonly name: string;
  readonly title: string;
}

const mostWordsOfTitle = 4;
const longestTitle = 30;

/** The title where it is short, else the name, which is one word. */
export const shortTitle = ({ name, title }: Named): string =>
  countWords(title) <= mostWordsOfTitle && title.length <= longestTitle ? title : name;
