/** What every command that measures does around its work: dry run, lock, runtime, interruption, progress. */
import type { Machine } from '../../experiment/context.ts';
import type { Preparation, Prepared } from '../../experiment/preparation.ts';
import type { Progress } from '../../experiment/progress.ts';
import {
  type ChosenRuntime,
  chooseRuntime,
  createRuntime,
  type ImageOverrides,
  inWords,
  type RuntimeChoice,
} from '../../infra/runtimes/index.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { Reason } from '../../record/reasons.ts';
import { withRemedy } from '../../record/sentence.ts';
import { UserError } from '../../record/user-error.ts';
import { upperFirst } from '../../reports/words/format.ts';
import type { Environment } from './environment.ts';
import { exitCode } from './exit-codes.ts';
import { expectAble, inOneLine } from './expect-able.ts';
import { listenForInterrupt } from './interrupt.ts';
import { plainProgress, terminalProgress } from './progress.ts';
import type { Choice } from './values.ts';
import { whileAlone } from './while-alone.ts';
import { assertImagesRun, idleVariables } from './without-effect.ts';

type UsableRuntime = Exclude<ChosenRuntime, { status: 'lacking' }>;

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
  /**
   * What will be done, for people.
   * @param able those of the strategies that can run here, at least one
   */
  describe(able: readonly Strategy[]): string | Promise<string>;
  /** Absolute path of the folder that gets the results. */
  readonly folder: string;
  readonly strategies: Choice<Strategy>;
}

export interface Work<Ready extends Prepared> {
  /** Everything that can be refused before a server is started is refused here. A dry run prepares too. */
  readonly prepare: Preparation<Ready>;
  /**
   * @param able those of the strategies that can run here, at least one
   * @returns the exit code
   */
  measure(machine: Machine, ready: Ready, able: readonly Strategy[]): Promise<number>;
}

/**
 * In a dry run, says what would be done, and whether this machine can. Otherwise does the work, unless another run measures
 * on this machine: two at once would spoil each other's numbers.
 */
export async function measureAlone<Ready extends Prepared>(
  request: MeasuringRequest,
  intent: Intent,
  work: Work<Ready>,
): Promise<number> {
  if (request.values.dryRun)
    return await interruptibly(false, (progress, signal) =>
      rehearse(request, intent, work.prepare, { progress, signal }),
    );
  return await whileAlone(request.environment.runLock, intent.folder, () =>
    interruptibly(request.values.json, (progress, signal) =>
      onMachine(request, intent, work, { progress, signal }),
    ),
  );
}

interface Surroundings {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Ends in order when the person wants it. */
async function interruptibly(
  json: boolean,
  work: (progress: Progress, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const progress = chooseProgress(json);
  const interruption = listenForInterrupt(progress.say);
  const { signal } = interruption;
  try {
    return await work(progress, signal);
  } catch (error) {
    // What was stopped in the middle of its preparation has not failed.
    const stopped =
      signal.aborted &&
      (error === signal.reason || (error instanceof UserError && error.kind !== 'unwritable'));
    if (stopped) return exitCode.interrupted;
    throw error;
  } finally {
    progress.close();
    interruption.dispose();
  }
}

/** Goes the way of a run up to its first server, and ends as the run would if it was refused on that way. */
async function rehearse(
  { values, environment }: MeasuringRequest,
  intent: Intent,
  prepare: Preparation<Prepared>,
  { progress, signal }: Surroundings,
): Promise<number> {
  const { folder, strategies } = intent;
  const chosen = await runtimeFor(values, environment);
  const wanted = { images: values.images, results: folder };
  const { ofSome, able } = await expectAble(chosen.status, { ...wanted, strategies: strategies.things });
  begin(chosen, environment, await intent.describe(able), progress);
  const unable = [...ofSome];
  signal.throwIfAborted();
  const ready = await prepare({ progress, signal });
  try {
    if (ready.strategies.length > 0)
      unable.push(...(await expectAble(chosen.status, { ...wanted, strategies: ready.strategies })).ofSome);
  } finally {
    await ready.remove();
  }
  progress.close();
  for (const finding of unable) progress.say(inOneLine(finding));
  progress.say('Nothing was started: this was a dry run.');
  return strategies.named && unable.length > 0 ? exitCode.invalid : exitCode.ok;
}

function begin(
  { status, why }: UsableRuntime,
  environment: Environment,
  description: string,
  { say }: Progress,
): void {
  say(`Runtime     ${status}: ${why}`);
  say(description);
  for (const each of idleVariables(status, environment)) say(inSentences(each));
}

/** @throws UserError when Docker was asked for, by its name or by that of an image, and cannot be used */
async function runtimeFor(
  { runtime, images }: MeasuringRequest['values'],
  environment: Environment,
): Promise<UsableRuntime> {
  const chosen = await chooseRuntime(runtime);
  if (chosen.status === 'lacking') {
    const { lack } = chosen;
    throw new UserError('unavailable', `--runtime docker: ${inWords(lack)}. ${lack.remedy}`);
  }
  assertImagesRun(chosen.status, typedImages(images, environment), upperFirst(chosen.why));
  return chosen;
}

async function onMachine<Ready extends Prepared>(
  { values, environment, commandLine }: MeasuringRequest,
  intent: Intent,
  { prepare, measure }: Work<Ready>,
  { progress, signal }: Surroundings,
): Promise<number> {
  const chosen = await runtimeFor(values, environment);
  const { images } = values;
  const { limits, budgets } = environment;
  const idle = idleVariables(chosen.status, environment);
  const { folder, strategies } = intent;
  const { able } = await expectAble(chosen.status, {
    strategies: strategies.things,
    images,
    results: folder,
  });
  signal.throwIfAborted();
  begin(chosen, environment, await intent.describe(able), progress);
  const ready = await prepare({ progress, signal });
  try {
    const machine = {
      command: commandLine,
      limits: { ...limits, moved: [...limits.moved, ...idle] },
      progress,
      signal,
      runtime: chosen.status,
      createRuntime: () => createRuntime(chosen, { images, budgets, signal, progress: progress.say }),
    };
    return await measure(machine, ready, able);
  } finally {
    await ready.remove();
  }
}

const inSentences = ({ message, remedy }: Reason): string => withRemedy(message, remedy);

/** What the command line names beyond the environment. */
const typedImages = (images: ImageOverrides, environment: Environment): readonly string[] =>
  [...images].filter(([kind, image]) => environment.images.get(kind) !== image).map((each) => each.join('='));

/** @param json true where stdout belongs to the result alone */
function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}
