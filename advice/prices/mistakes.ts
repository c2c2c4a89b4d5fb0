/** Mistakes of a book, each with its place in it. */
import type { z } from 'zod';

export const sumOfMistakes = (error: z.ZodError): readonly string[] => error.issues.flatMap(mistakesOf);

function mistakesOf(issue: z.core.$ZodIssue): readonly string[] {
  const place = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...place, key].join(': ')}: unknown key; take it out`);
  if (issue.code === 'invalid_key')
    return [`${place.join(': ')}: ${issue.issues[0]?.message ?? issue.message}`];
  return [`${place.join(': ') || 'the book'}: ${issue.message}`];
}
