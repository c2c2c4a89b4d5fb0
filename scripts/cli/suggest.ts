import { suggest } from '../../experiment/suggest.ts';

/** `unknown strategy "rediss"; did you mean "redis"? Known: …` */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const guess = suggest(word, known);
  const hint = guess === null ? '' : ` Did you mean "${guess}"?`;
  return `unknown ${what} "${word}".${hint} Known: ${known.join(', ')}.`;
}
