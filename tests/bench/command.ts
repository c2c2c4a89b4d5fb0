/** Runs our commands as a person would, and reads what they leave. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { type RunRecord, runRecord } from '../../record/run.ts';
import { type Summary, summary } from '../../record/summary.ts';
import { type TrialRecord, trialRecord } from '../../record/trial.ts';

export const repository = path.resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A lock of its own for each test process: a run of the person at the keyboard is not in the way. */
const environment = { SESSION_BENCH_LOCK: `test-${process.pid}` };

const measures = (command: string, args: readonly string[]): boolean =>
  command === 'bench' || command === 'selftest' || (command === 'compare' && args.includes('--against'));

/** What measures runs natively unless the test says otherwise, whether or not an engine runs on this machine. */
const withRuntime = (command: string, args: readonly string[]): readonly string[] =>
  measures(command, args) && !args.includes('--runtime') ? ['--runtime', 'native', ...args] : args;

type Environment = Readonly<Record<string, string>>;

/** Starts `scripts/<command>.ts` of a checkout; the promise never rejects. */
export function startIn(checkout: string, command: string, args: readonly string[], env: Environment = {}) {
  const script = path.join(checkout, 'scripts', command, 'index.ts');
  return execa(process.execPath, [script, ...withRuntime(command, args)], {
    cwd: checkout,
    reject: false,
    env: { ...environment, ...env },
  });
}

export const start = (command: string, args: readonly string[], env?: Environment) =>
  startIn(repository, command, args, env);

export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const { exitCode, stdout, stderr } = await start(command, args, env);
  return { exitCode, stdout, stderr };
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

/** A folder for results that is gone when the test has ended. */
export async function temporaryFolder(context: { after(work: () => Promise<void>): void }): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sb-test-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
