/** Whether what servers flush reaches a disk, told before anything starts. */
import os from 'node:os';
import { temporaryInMemory } from '../infra/machine/free-disk.ts';
import { needsOf } from '../infra/runtimes/plan.ts';
import type { Strategy } from '../infra/runtimes/runtime.ts';
import { nounFor } from '../record/counted.ts';
import { type Reason, reasonOf } from '../record/reasons.ts';
import type { Setting } from './plan.ts';

const flushes = (strategy: Strategy): boolean =>
  needsOf(strategy).services.some(({ service }) => service.flushes === true);

/** @param inMemory whether the servers' data is; null where nobody knows, and then nothing is said */
export function flushesIntoMemory(
  { strategies }: Pick<Setting, 'strategies'>,
  inMemory = temporaryInMemory(),
): readonly Reason[] {
  const names = inMemory ? strategies.filter(flushes).map(({ name }) => name) : [];
  if (names.length === 0) return [];
  return [
    reasonOf(
      'data-in-memory',
      `${names.join(', ')} ${nounFor(names.length, 'flushes', 'flush')} to the disk what is written, and the servers' data is in ${os.tmpdir()}, which is kept in memory: a flush costs nothing there`,
    ),
  ];
}
