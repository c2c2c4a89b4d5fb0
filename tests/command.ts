/** Runs our commands as a person would, and reads what they leave. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ownEnvironment } from '../infra/machine/environment.ts';
import { until } from '../infra/machine/until.ts';
import { type RunRecord, runRecord } from '../record/run.ts';
import { type Summary, summary } from '../record/summary.ts';
import { type TrialRecord, trialRecord } from '../record/trial.ts';
import { type Collected, collect, type Finished } from './output.ts';
import { family, type ProcessInfo } from './processes.ts';

export type { Finished } from './output.ts';

export const repository = path.resolve(import.meta.dirname, '..');

export interface Command extends Collected {
  readonly child: ChildProcess;
  readonly pid: number;
}

type Environment = Readonly<Record<string, string>>;

/** Of a run that measures beside others. */
export const alone: Environment = {
  // A lock of its own for each test process: neither other tests nor a run of the person at the keyboard is in the way.
  SESSION_BENCH_LOCK: `test-${process.pid}`,
  // Other tests run meanwhile.
  SESSION_BENCH_NOISE: 'tolerate',
};

/** A cache without programs that can be written, for a command that asks what a run needs and gets none of it. */
export const emptyCache: Environment = { SESSION_BENCH_CACHE: tmpdir() };

/**
 * No engine answers. A native run also removes what killed runs left in the engine, whoever they were: the tests of that
 * share the engine with all that runs beside them.
 */
export const withoutEngine: Environment = { DOCKER_HOST: 'unix:///nonexistent' };

/** What measures runs natively unless the test says otherwise, whether or not an engine runs on this machine. */
function isNative(command: string, args: readonly string[]): boolean {
  const given = (option: string) => args.some((each) => each === option || each.startsWith(`${option}=`));
  const measures =
    ['bench', 'selftest', 'verify'].includes(command) || (command === 'compare' && given('--against'));
  return measures && !given('--runtime');
}

/** Starts a script of a checkout. */
export function startIn(
  checkout: string,
  command: string,
  args: readonly string[],
  env: Environment = {},
): Command {
  const script = path.join(checkout, 'scripts/start.mjs');
  const native = isNative(command, args);
  const child = spawn(
    process.execPath,
    [script, command, ...(native ? ['--runtime', 'native'] : []), ...args],
    {
      cwd: checkout,
      // What a command would leave out of its environment makes it start anew.
      env: { ...ownEnvironment(), ...alone, ...(native ? withoutEngine : {}), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error(`${process.execPath} cannot be started`);
  return { child, pid, ...collect(child) };
}

export const start = (command: string, args: readonly string[], env?: Environment): Command =>
  startIn(repository, command, args, env);

export const run = (command: string, args: readonly string[], env?: Environment): Promise<Finished> =>
  start(command, args, env).ended;

/** Fails unless a run came to its end. On a machine that is too busy for the load, no trial is valid: exit code 2. */
export function assertRan({ exitCode, stdout, stderr }: Finished): void {
  assert.ok(exitCode === 0 || exitCode === 2, `exit code ${exitCode}\n${stdout}\n${stderr}`);
}

/** Ends the command when the test ends before it does. */
export function endWith(context: Context, { child, ended }: Command): void {
  context.after(async () => {
    child.kill('SIGTERM');
    await ended;
  });
}

/** Every process of a run, once its first trial under a results folder has measured for a second. */
export async function untilMeasuring(command: Command, out: string): Promise<readonly ProcessInfo[]> {
  const trials = path.join(out, 'latest', 'trials');
  const attempt = async () => {
    const [trial = assert.fail('no trial has begun')] = await readdir(trials);
    assert.match(await readFile(path.join(trials, trial, 'histograms.jsonl'), 'utf8'), /"phase":"measure"/);
  };
  const ended = () =>
    command.child.exitCode === null ? null : new Error(`it ended before it measured: ${command.stdout()}`);
  await until('a first second of measuring', 240_000, attempt, { unless: ended });
  return family(command.pid);
}

export interface Results {
  readonly folder: string;
  readonly record: RunRecord;
  readonly summary: Summary;
  readonly trials: readonly TrialRecord[];
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

/** What the newest run under a results folder has left, held to its schemas. */
export async function readResults(out: string): Promise<Results> {
  const folder = path.join(out, 'latest');
  const trials: TrialRecord[] = [];
  for (const name of (await readdir(path.join(folder, 'trials'))).sort()) {
    trials.push(trialRecord.parse(await readJson(path.join(folder, 'trials', name, 'trial.json'))));
  }
  return {
    folder,
    record: runRecord.parse(await readJson(path.join(folder, 'run.json'))),
    summary: summary.parse(await readJson(path.join(folder, 'summary.json'))),
    trials,
  };
}

/** That part of a test's context which clears up after it. */
export interface Context {
  after(work: () => Promise<void>): void;
}

/** A folder for results that is gone when the test has ended. */
export async function temporaryFolder(context: Context): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sb-test-'));
  // Also for what servers of another user keep in it.
  await chmod(folder, 0o711);
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
