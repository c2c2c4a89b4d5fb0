/** @returns the words that stand more than once, each once, in the order of their first place */
export function twice(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))];
}
