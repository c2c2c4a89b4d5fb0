/** Labels that say which harness process started something, so that what a killed one left can be told. */
import { z } from 'zod';
import { mayBeAlive, readProcess } from '../../../machine/process-table.ts';
import { placeOfThisProcess } from '../../../machine/run-folder.ts';

/** On everything that we start; its value is the harness' token. */
export const RUN_LABEL = 'session-bench.run';
const OWNER_LABEL = 'session-bench.owner';

const ownerSchema = z.strictObject({
  pid: z.int(),
  startTicks: z.number(),
  uid: z.int(),
  bootId: z.string(),
  pidNamespace: z.string(),
});

export type Labels = Readonly<Record<string, string>>;

/** For `docker run`. */
export const labelArguments = (labels: Labels): readonly string[] =>
  Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]);

export function ownLabels(token: string): Labels {
  const self = readProcess(process.pid);
  if (!self) throw new Error('/proc is missing: the Docker runtime needs Linux');
  const owner: z.infer<typeof ownerSchema> = {
    pid: self.pid,
    startTicks: self.startTicks,
    uid: process.getuid?.() ?? 0,
    ...placeOfThisProcess(),
  };
  return { [RUN_LABEL]: token, [OWNER_LABEL]: JSON.stringify(owner) };
}

/** True when the harness that these labels name is gone; false when it lives, is another user's, or cannot be told. */
export function isAbandoned(labels: Labels): boolean {
  const owner = readOwner(labels);
  if (!owner || owner.uid !== process.getuid?.()) return false;
  const here = placeOfThisProcess();
  if (owner.bootId !== here.bootId) return true;
  return owner.pidNamespace === here.pidNamespace && !mayBeAlive(owner);
}

export function ownerPid(labels: Labels): number | null {
  return readOwner(labels)?.pid ?? null;
}

function readOwner(labels: Labels): z.infer<typeof ownerSchema> | null {
  try {
    return ownerSchema.parse(JSON.parse(labels[OWNER_LABEL] ?? ''));
  } catch {
    return null;
  }
}
