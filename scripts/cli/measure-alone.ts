/** What every command that measures does around its work: dry run, lock, runtime, interruption, progress. */
import type { Machine } from '../../experiment/context.ts';
import type { Progress } from '../../experiment/progress.ts';
import { type LockOwner, takeRunLock } from '../../infra/machine/run-lock.ts';
import {
  chooseRuntime,
  createRuntime,
  type ImageOverrides,
  inWords,
  type RuntimeChoice,
} from '../../infra/runtimes/index.ts';
import type { Reason } from '../../record/reasons.ts';
import { UserError } from '../../record/user-error.ts';
import { upperFirst } from '../../reports/words/format.ts';
import type { Environment } from './environment.ts';
import { exitCode } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { plainProgress, terminalProgress } from './progress.ts';
import { assertImagesRun, idleVariables } from './without-effect.ts';

/** What a person asked of a command that measures. */
export interface MeasuringRequest {
  readonly values: {
    readonly runtime: RuntimeChoice;
    readonly images: ImageOverrides;
    readonly dryRun: boolean;
    /** Stdout belongs to the result alone. */
    readonly json: boolean;
  };
  readonly environment: Environment;
  readonly commandLine: readonly string[];
}

export interface Intent {
  /** What will be done, for people. */
  readonly description: string;
  /** Absolute path of the folder that gets the results. */
  readonly folder: string;
}

/**
 * In a dry run, says what would be done. Otherwise does the work, unless another run measures on this machine: two at
 * once would spoil each other's numbers.
 *
 * @param work gives the exit code
 */
export async function measureAlone(
  request: MeasuringRequest,
  intent: Intent,
  work: (machine: Machine) => Promise<number>,
): Promise<number> {
  if (request.values.dryRun) {
    const { runtime } = request.values;
    const idle = runtime === 'native' ? idleVariables(runtime, request.environment) : [];
    const lines = [intent.description, ...idle.map(inSentences), 'Nothing was started: this was a dry run.'];
    process.stdout.write(`${lines.join('\n')}\n`);
    return exitCode.ok;
  }
  const lock = await takeRunLock(request.environment.runLock, intent.folder);
  if (lock.status === 'taken') {
    process.stderr.write(`${busyMessage(lock.by)}\n`);
    return exitCode.busy;
  }
  try {
    return await onMachine(request, intent.description, work);
  } finally {
    lock.release();
  }
}

/** @param owner who measures; null where that is not known */
function busyMessage(owner: LockOwner | null): string {
  const by = owner ? `process ${owner.pid}, since ${owner.since}, into ${owner.results}` : 'another process';
  return `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.`;
}

async function onMachine(
  { values, environment, commandLine }: MeasuringRequest,
  description: string,
  work: (machine: Machine) => Promise<number>,
): Promise<number> {
  const chosen = await chooseRuntime(values.runtime);
  if (chosen.status === 'lacking') {
    const { lack } = chosen;
    throw new UserError('unavailable', `--runtime docker: ${inWords(lack)}. ${lack.remedy}`);
  }
  assertImagesRun(chosen.status, typedImages(values.images, environment), upperFirst(chosen.why));
  const progress = chooseProgress(values.json);
  const interruption = listenForInterrupt(progress.say);
  const { signal } = interruption;
  const { limits, budgets } = environment;
  const idle = idleVariables(chosen.status, environment);
  const wishes = { images: values.images, budgets, signal, progress: progress.say };
  try {
    progress.say(`Runtime     ${chosen.status}: ${chosen.why}`);
    progress.say(description);
    for (const each of idle) progress.say(inSentences(each));
    return await work({
      command: commandLine,
      limits: { ...limits, moved: [...limits.moved, ...idle] },
      progress,
      signal,
      runtime: chosen.status,
      createRuntime: () => createRuntime(chosen, wishes),
    });
  } catch (error) {
    // What was stopped in the middle of its preparation has not failed.
    const stopped = signal.aborted && error instanceof UserError && error.kind !== 'unwritable';
    if (stopped) return exitCode.interrupted;
    throw error;
  } finally {
    progress.close();
    interruption.dispose();
  }
}

const inSentences = ({ message, remedy }: Reason): string => `${message} ${remedy}`;

/** What the command line names beyond the environment. */
const typedImages = (images: ImageOverrides, environment: Environment): readonly string[] =>
  [...images].filter(([kind, image]) => environment.images.get(kind) !== image).map((each) => each.join('='));

/** @param json true where stdout belongs to the result alone */
function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}
