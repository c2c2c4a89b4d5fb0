import { suggest } from '../../experiment/suggest.ts';

/** ` Did you mean "redis"?`, to follow a sentence; empty when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const guess = suggest(word, known);
  return guess === null ? '' : ` Did you mean "${guess}"?`;
}

/** `unknown strategy "rediss". Did you mean "redis"? Known: …` */
export const unknownWord = (what: string, word: string, known: readonly string[]): string =>
  `unknown ${what} "${word}".${didYouMean(word, known)} Known: ${known.join(', ')}.`;
