/** A workload: the mix of operations, the population of sessions, and what each session holds. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const workload = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** The published figures that mix, payload and population come from. */
  source: z.string(),
  /** Share of each operation; they sum to 1. */
  mix: z
    .strictObject({ login: share, read: share, write: share, logout: share })
    .refine(
      (mix) => Math.abs(mix.login + mix.read + mix.write + mix.logout - 1) < 1e-9,
      'the shares must sum to 1',
    ),
  /** Size of what the app keeps in a session beside its own fields, in bytes. */
  payloadBytes: z.int().min(0).max(65_536),
  /** Sessions alive. */
  sessions: z.int().min(1),
  /** Exponent of the Zipf law by which sessions are picked; 0 picks all alike. */
  zipfExponent: z.number().min(0),
});
export type Workload = Readonly<z.infer<typeof workload>>;
