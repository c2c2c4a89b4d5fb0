/** What a check of the data comes to. */

export type Finding<Detail> =
  /** The data show the problem. */
  | ({ readonly status: 'seen' } & Detail)
  /** The data were enough to look, and do not show it. */
  | ({ readonly status: 'not-seen' } & Detail)
  /** Too few or constant values: nothing can be said. */
  | { readonly status: 'unknown'; readonly why: string };

/** Level of each check: a hint to look, not a verdict, so it is looser than the rule's. */
export const CHECK_LEVEL = 0.01;
