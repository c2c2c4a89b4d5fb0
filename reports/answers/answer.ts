/** What a run comes to, for a reader who has never seen the tool. No difference is claimed that no verdict carries. */
import { upperFirst } from '../words/format.ts';

export interface Said {
  /** At most `mostWords` words. */
  readonly answer: string;
  /** What else was found, and what the answer leaves out, a sentence each. */
  readonly details: string[];
}

/** @param statements what there is to say besides; what is empty, or in the answer already, is left out */
export const said = (answer: string, statements: readonly string[]): Said => ({
  answer,
  details: statements
    .filter((text) => text !== '' && !answer.toLowerCase().includes(text.toLowerCase()))
    .map((text) => `${upperFirst(text)}.`),
});
