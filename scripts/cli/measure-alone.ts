/** What every command that measures does around its work: dry run, lock, runtime, interruption, progress. */
import type { Machine } from '../../experiment/context.ts';
import type { Progress } from '../../experiment/progress.ts';
import { type LockOwner, takeRunLock } from '../../infra/machine/run-lock.ts';
import { examineFor, type Finding } from '../../infra/requirements/index.ts';
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
import { UserError } from '../../record/user-error.ts';
import { upperFirst } from '../../reports/words/format.ts';
import type { Environment } from './environment.ts';
import { exitCode } from './exit-codes.ts';
import { listenForInterrupt } from './interrupt.ts';
import { plainProgress, terminalProgress } from './progress.ts';
import type { Choice } from './values.ts';
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
  /** What will be done, for people. */
  readonly description: string;
  /** Absolute path of the folder that gets the results. */
  readonly folder: string;
  readonly strategies: Choice<Strategy>;
}

/**
 * In a dry run, says what would be done, and whether this machine can. Otherwise does the work, unless another run measures on this machine: two at
 * once would spoil each other's numbers.
 *
 * @param work gives the exit code
 */
export async function measureAlone(
  request: MeasuringRequest,
  intent: Intent,
  work: (machine: Machine) => Promise<number>,
): Promise<number> {
  if (request.values.dryRun) return await rehearse(request, intent);
  const lock = await takeRunLock(request.environment.runLock, intent.folder);
  if (lock.status === 'taken') {
    process.stderr.write(`${busyMessage(lock.by)}\n`);
    return exitCode.busy;
  }
  try {
    return await onMachine(request, intent, work);
  } finally {
    lock.release();
  }
}

async function rehearse({ values, environment }: MeasuringRequest, intent: Intent): Promise<number> {
  process.stdout.write(`${intent.description}\n`);
  const chosen = await runtimeFor(values, environment);
  process.stdout.write(`Runtime     ${chosen.status}: ${chosen.why}\n`);
  for (const each of idleVariables(chosen.status, environment))
    process.stdout.write(`${inSentences(each)}\n`);
  const unable = await expectAble(chosen, values, intent);
  for (const finding of unable) process.stdout.write(`${inOneLine(finding)}\n`);
  process.stdout.write('Nothing was started: this was a dry run.\n');
  // As the run itself would end.
  return intent.strategies.named && unable.length > 0 ? exitCode.invalid : exitCode.ok;
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

/**
 * Asks for all that a run needs, as the doctor does.
 * @returns what keeps some of the strategies from running
 * @throws UserError with everything that stands in the way of all
 */
async function expectAble(
  chosen: UsableRuntime,
  { images }: MeasuringRequest['values'],
  { strategies, folder }: Intent,
): Promise<readonly Finding[]> {
  const wanted = { strategies: strategies.things, images, results: folder };
  const { ofAll, ofSome } = await examineFor(chosen.status, wanted);
  if (ofAll.length === 0) return ofSome;
  const lines = ofAll.map((finding) => `  ✖ ${inOneLine(finding)}`);
  throw new UserError(
    'unavailable',
    `Nothing can be measured here:\n${lines.join('\n')}\nNothing was started. "npm run doctor" shows all that a run needs.`,
  );
}

const inOneLine = ({ name, detail, remedy }: Finding): string =>
  `${name}: ${detail.replace(/\.$/, '')}.${remedy === null ? '' : ` ${remedy}`}`;

/** @param owner who measures; null where that is not known */
function busyMessage(owner: LockOwner | null): string {
  const by = owner ? `process ${owner.pid}, since ${owner.since}, into ${owner.results}` : 'another process';
  return `Another run is measuring on this machine (${by}). Two at once would spoil each other's numbers. Wait for it to end, then start again.`;
}

async function onMachine(
  { values, environment, commandLine }: MeasuringRequest,
  intent: Intent,
  work: (machine: Machine) => Promise<number>,
): Promise<number> {
  const chosen = await runtimeFor(values, environment);
  const progress = chooseProgress(values.json);
  const interruption = listenForInterrupt(progress.say);
  const { signal } = interruption;
  const { limits, budgets } = environment;
  const idle = idleVariables(chosen.status, environment);
  const wishes = { images: values.images, budgets, signal, progress: progress.say };
  try {
    await expectAble(chosen, values, intent);
    signal.throwIfAborted();
    progress.say(`Runtime     ${chosen.status}: ${chosen.why}`);
    progress.say(intent.description);
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

const inSentences = ({ message, remedy }: Reason): string => `${message} ${remedy}`;

/** What the command line names beyond the environment. */
const typedImages = (images: ImageOverrides, environment: Environment): readonly string[] =>
  [...images].filter(([kind, image]) => environment.images.get(kind) !== image).map((each) => each.join('='));

/** @param json true where stdout belongs to the result alone */
function chooseProgress(json: boolean): Progress {
  const stream = json ? process.stderr : process.stdout;
  return stream.isTTY ? terminalProgress(stream) : plainProgress(stream);
}
