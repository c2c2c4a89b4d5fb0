/** A text of at most so many characters, cut between words, with `…` in place of what is left out. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const words = /^(.*\S)\s+\S*$/s.exec(start)?.[1];
  // A text without a blank near its end has no words to cut between.
  return `${words && words.length > most / 2 ? words : start} …`;
}
