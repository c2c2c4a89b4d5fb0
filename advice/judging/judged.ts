/** What came of one wish, with the number that shows it. */
import { type Basis, type Remedy, remedyOf } from '../evidence/basis.ts';

export const wishNames = [
  'right answers',
  'hosting',
  'losses',
  'ends at once',
  'ends all of a user',
  'promise',
  'size',
  'budget',
] as const;
export type WishName = (typeof wishNames)[number];

export interface Judged {
  readonly wish: WishName;
  /** `open`: it was not measured. */
  readonly verdict: 'met' | 'broken' | 'open';
  /** The number or fact that shows it; to stand in a sentence, without full stop. */
  readonly shows: string;
  readonly basis: Basis;
}

export const met = (wish: WishName, shows: string, basis: Basis): Judged => ({
  wish,
  verdict: 'met',
  shows,
  basis,
});
export const broken = (wish: WishName, shows: string, basis: Basis): Judged => ({
  wish,
  verdict: 'broken',
  shows,
  basis,
});

/** @param remedy what would measure it: a command, on any machine where no more is said */
export const open = (wish: WishName, shows: string, remedy: string | Remedy): Judged => ({
  wish,
  verdict: 'open',
  shows,
  basis: {
    kind: 'none',
    what: shows,
    ...(typeof remedy === 'string' ? { command: remedy, on: null } : remedyOf(remedy)),
  },
});
