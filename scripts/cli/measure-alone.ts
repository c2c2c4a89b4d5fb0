/** What every command that measures does around its work: dry run, lock, runtime, interruption, progress. */
import type { Machine } from '../../experiment/context.ts';
import type { Preparation, Prepared } from '../../experiment/preparation.ts';
import type { Progress } from '../../experiment/progress.ts';
import type { Finding } from '../../infra/requirements/index.ts';
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

/** A run just before its first server. */
interface Threshold<Ready extends Prepared> {
  readonly chosen: UsableRuntime;
  readonly ready: Ready;
  /** Those of the strategies that can run here, and what keeps the others from it. */
  readonly able: readonly Strategy[];
  readonly unable: readonly Finding[];
}

/** The way up to there, on which a dry run is refused as the run would be. What was made ready is taken back. */
async function atThreshold<Ready extends Prepared>(
  { values, environment }: MeasuringRequest,
  { describe, folder, strategies }: Intent,
  prepare: Preparation<Ready>,
  { progress, signal }: Surroundings,
  goOn: (threshold: Threshold<Ready>) => Promise<number>,
): Promise<number> {
  const chosen = await runtimeFor(values, environment);
  const wanted = { strategies: strategies.things, images: values.images, results: folder };
  const { able, ofSome } = await expectAble(chosen.status, wanted);
  signal.throwIfAborted();
  begin(chosen, environment, await describe(able), progress);
  const ready = await prepare({ progress, signal });
  try {
    return await goOn({ chosen, ready, able, unable: ofSome });
  } finally {
    await ready.remove();
  }
}

/** Ends as the run would if it was refused on its way to the first server. */
async function rehearse(
  request: MeasuringRequest,
  intent: Intent,
  prepare: Preparation<Prepared>,
  surroundings: Surroundings,
): Promise<number> {
  const { progress } = surroundings;
  const { folder, strategies } = intent;
  return await atThreshold(request, intent, prepare, surroundings, async ({ chosen, ready, unable }) => {
    const wanted = { images: request.values.images, results: folder, strategies: ready.strategies };
    const more = ready.strategies.length > 0 ? (await expectAble(chosen.status, wanted)).ofSome : [];
    progress.close();
    for (const finding of [...unable, ...more]) progress.say(inOneLine(finding));
    progress.say('Nothing was started: this was a dry run.');
    return strategies.named && unable.length + more.length > 0 ? exitCode.invalid : exitCode.ok;
  });
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
  request: MeasuringRequest,
  intent: Intent,
  { prepare, measure }: Work<Ready>,
  surroundings: Surroundings,
): Promise<number> {
  const { progress, signal } = surroundings;
  const { limits, budgets } = request.environment;
  return await atThreshold(request, intent, prepare, surroundings, async ({ chosen, ready, able }) => {
    const idle = idleVariables(chosen.status, request.environment);
    const { images } = request.values;
    const machine = {
      command: request.commandLine,
      limits: { ...limits, moved: [...limits.moved, ...idle] },
      progress,
      signal,
      runtime: chosen.status,
      createRuntime: () => createRuntime(chosen, { images, budgets, signal, progress: progress.say }),
    };
    return await measure(machine, ready, able);
  });
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
