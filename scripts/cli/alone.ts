/** What every command that measures does around its work: it is alone, on a runtime, and can be interrupted. */

import type { Machine } from '../../experiment/context.ts';
import { type ChosenLimits, readLimits } from '../../experiment/limits.ts';
import type { Progress } from '../../experiment/progress.ts';
import { type LockOwner, takeRunLock } from '../../infra/machine/run-lock.ts';
import {
  chooseRuntime,
  createRuntime,
  type ImageOverrides,
  inWords,
  type RuntimeChoice,
  environmentMistakes as runtimeMistakes,
} from '../../infra/runtimes/index.ts';
import type { Runtime } from '../../infra/runtimes/runtime.ts';
import { exitCode } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { plainProgress, terminalProgress } from './progress.ts';

/** How to measure, as typed. */
export interface Means {
  /** Undefined: `auto`. */
  readonly runtime: RuntimeChoice | undefined;
  readonly images: ImageOverrides;
  /** Stdout belongs to the result alone. */
  readonly json: boolean;
}

export interface Alone {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly limits: ChosenLimits;
  readonly runtime: 'docker' | 'native';
  /** A new one; it is to be closed. */
  createRuntime(): Promise<Runtime>;
}

/** Every mistake in what the environment says of measuring. */
export function environmentMistakes(): readonly string[] {
  const limits = readLimits(process.env);
  return [...runtimeMistakes(), ...(limits.status === 'mistakes' ? limits.mistakes : [])];
}

/** What a run needs of it. */
export const machineOf = ({ limits, progress, signal }: Alone, command: string): Machine => ({
  command: ['npm', 'run', command, '--', ...process.argv.slice(2)],
  limits,
  progress,
  signal,
});

/**
 * Two that measure at once would spoil each other's numbers, so another one is refused.
 *
 * @param folder of the results, told to whoever is refused meanwhile
 * @returns the exit code: that of the work, or why it could not begin
 */
export async function measureAlone(
  means: Means,
  folder: string,
  work: (alone: Alone) => Promise<number>,
): Promise<number> {
  const lock = await takeRunLock(folder);
  if (lock.status === 'taken') {
    process.stderr.write(`${busyMessage(lock.by)}\n`);
    return exitCode.busy;
  }
  try {
    return await onRuntime(means, work);
  } finally {
    lock.release();
  }
}

async function onRuntime(
  { runtime: choice = 'auto', images, json }: Means,
  work: (alone: Alone) => Promise<number>,
): Promise<number> {
  const chosen = await chooseRuntime(choice);
  if (chosen.status === 'lacking') {
    const { lack } = chosen;
    process.stderr.write(`--runtime docker: ${inWords(lack)}. ${lack.remedy}\n`);
    return exitCode.unavailable;
  }
  const limits = readLimits(process.env);
  if (limits.status === 'mistakes') throw new Error(limits.mistakes.join('\n'));
  const progress = chooseProgress(json);
  const interruption = listenForInterrupt((line) => progress.say(line));
  const { signal } = interruption;
  const wishes = { images, signal, progress: (line: string) => progress.say(line) };
  try {
    progress.say(`Runtime     ${chosen.status}: ${chosen.why}`);
    return await work({
      progress,
      signal,
      limits: limits.value,
      runtime: chosen.status,
      createRuntime: () => createRuntime(chosen, wishes),
    });
  } finally {
    progress.close();
    interruption.dispose();
  }
}

/** @param json true where stdout belongs to the result alone */
function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}

/** @param owner who measures; null where that is not known */
function busyMessage(owner: LockOwner | null): string {
  const by = owner ? `process ${owner.pid}, since ${owner.since}, into ${owner.results}` : 'another process';
  return `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.`;
}
