import { closest, distance } from 'fastest-levenshtein';

/** The known word that a person most likely meant, or null when none is near. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(word, [...known]);
  return distance(word, best) <= Math.max(2, Math.floor(best.length / 3)) ? best : null;
}

/** `unknown strategy "rediss"; did you mean "redis"? Known: …` */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const guess = suggest(word, known);
  const hint = guess === null ? '' : ` Did you mean "${guess}"?`;
  return `unknown ${what} "${word}".${hint} Known: ${known.join(', ')}.`;
}
