/** A workload: what arrives, the mix of operations, the population of sessions, and what each session holds. */
import { z } from 'zod';
import { addedLater } from './added-later.ts';

const share = z.number().min(0).max(1);

/** What one arrival is. A page's requests are all due, and sent, at once. */
const arrival = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('operation') }),
  z.strictObject({
    kind: z.literal('page'),
    /** Requests of one session that are in flight at the same time. */
    reads: z.int().min(1),
    writes: z.int().min(1),
    /** Share of pages in which a logout stands in for one of the reads: it races with the writes. */
    logouts: share,
    /** Share of pages of two logins with the same old cookie, and reads for the rest. */
    logins: share,
  }),
]);

export const workload = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** The published figures that mix, payload and population come from. */
  source: z.string(),
  /** Share of each operation; they sum to 1. That of a page's operations, where pages arrive. */
  mix: z
    .strictObject({ login: share, read: share, write: share, logout: share })
    .refine(
      (mix) => Math.abs(mix.login + mix.read + mix.write + mix.logout - 1) < 1e-9,
      'the shares must sum to 1',
    ),
  arrival: addedLater(arrival, { kind: 'operation' }),
  /** Size of what the app keeps in a session beside its own fields, in bytes. */
  payloadBytes: z.int().min(0).max(65_536),
  /** Sessions alive. */
  sessions: z.int().min(1),
  /** Exponent of the Zipf law by which sessions are picked; 0 picks all alike. */
  zipfExponent: z.number().min(0),
});
export type Workload = Readonly<z.infer<typeof workload>>;
/** As a scenario writes it down: what is not said is usual. */
export type DescribedWorkload = Readonly<z.input<typeof workload>>;

type Arrival = Workload['arrival'];

/** How many operations are due at the same time. */
export const atOnce = (arrives: Arrival): number =>
  arrives.kind === 'page' ? arrives.reads + arrives.writes : 1;

/** The mix of operations that pages come to. */
export function mixOfPages(page: Extract<Arrival, { kind: 'page' }>): Workload['mix'] {
  const all = atOnce(page);
  const browsing = 1 - page.logouts - page.logins;
  return {
    login: (2 * page.logins) / all,
    read: (browsing * page.reads + page.logouts * (page.reads - 1) + page.logins * (all - 2)) / all,
    write: ((browsing + page.logouts) * page.writes) / all,
    logout: page.logouts / all,
  };
}
