/** What came of one wish, with the number that shows it. */
import type { Basis } from '../evidence/basis.ts';

export const wishNames = [
  'right answers',
  'hosting',
  'losses',
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

/** @param command what would measure it */
export const open = (wish: WishName, shows: string, command: string): Judged => ({
  wish,
  verdict: 'open',
  shows,
  basis: { kind: 'none', what: shows, command },
});
