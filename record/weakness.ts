/** What a strategy is weak in, for `summary.json`. */
import { z } from 'zod';

/** Characters of the short words, at most. */
export const longestShort = 60;

export const weaknessCodes = [
  /** Too many of its requests get no right answer. */
  'failing',
  'wrong-answers',
  /** A logout that raced with a write was undone. */
  'undone-logouts',
  /** The old session outlived two logins at once. */
  'survived-logins',
  /** Of two writes of a session at once, one is lost. */
  'lost-updates',
  /** A fault harmed it. */
  'harmed',
  /** The sessions of one app are lost, all are, or what was written last is. */
  'loses-of-an-app',
  'loses-all',
  'loses-newest',
  /** There is no way to end all sessions of a user. */
  'cannot-end-a-user',
] as const;

export const weakness = z.strictObject({
  code: z.enum(weaknessCodes),
  /** For a table: `a restart loses all`. */
  short: z.string().max(longestShort),
  /** Whole; a clause. */
  text: z.string(),
  basis: z.discriminatedUnion('kind', [
    /** This run saw it. */
    z.strictObject({ kind: z.literal('measured') }),
    /** Known from how it is built; this run did not look. The command would; null where none here can. */
    z.strictObject({ kind: z.literal('on-paper'), command: z.string().nullable() }),
  ]),
});
export type Weakness = z.infer<typeof weakness>;
