/** The rate that all strategies of a run were offered, and how it came about. */
import { z } from 'zod';

export const commonRate = z.strictObject({
  /** Operations per second. */
  value: z.number(),
  mode: z.enum(['auto', 'given']),
  /** One sentence: how it came about. */
  explanation: z.string(),
  /** Closed-loop throughput of each strategy in the burst before, in requests per second; empty with a given rate. */
  probed: z.record(z.string(), z.number()),
});
export type CommonRate = z.infer<typeof commonRate>;
