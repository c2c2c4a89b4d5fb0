/** What the record of a command begins with, where it is no run: a self-test's, a verification's. */
import { z } from 'zod';
import { hostFingerprint, runRecord } from './run.ts';

export const recordHead = {
  id: z.string(),
  /** The command as typed. */
  command: z.array(z.string()),
  status: runRecord.shape.status,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  tool: runRecord.shape.tool,
  runtime: runRecord.shape.runtime,
  host: hostFingerprint,
};
const whole = z.strictObject(recordHead);
export type RecordHead = z.infer<typeof whole>;
