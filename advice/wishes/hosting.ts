/** Who runs the servers of a store. */
export const hostings = ['own', 'managed'] as const;
export type Hosting = (typeof hostings)[number];
