/** Wishes where nothing is said of them. Apart from the schema, so that the report's page need not carry zod. */
import type { Wishes } from './wishes.ts';

export const usualWishes: Omit<Wishes, 'sessions' | 'rate'> = {
  payloadBytes: null,
  slo: null,
  budget: null,
  mayLose: 'all',
  survives: [],
  endsAtOnce: false,
  endsAllOfAUser: false,
  has: [],
  hosting: null,
  utilisation: 0.6,
  coreFactor: 1,
};

/** Sessions alive at the peak. */
export const sessionsAlive = ({ sessions }: Pick<Wishes, 'sessions'>): number =>
  sessions.kind === 'alive' ? sessions.count : sessions.perSecond * sessions.aliveSeconds;
