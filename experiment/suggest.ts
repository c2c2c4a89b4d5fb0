import { closest, distance } from 'fastest-levenshtein';

/** The known word that a person most likely meant, or null when none is near. */
export function suggest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(word, [...known]);
  return distance(word, best) <= Math.max(2, Math.floor(best.length / 3)) ? best : null;
}
