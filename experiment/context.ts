/** What a run is done with, beside its plan. */
import { randomBytes } from 'node:crypto';
import { readHost } from '../infra/machine/host.ts';
import { type MachineView, thisMachine } from '../infra/machine/noise.ts';
import { choosePlacement } from '../infra/machine/placement.ts';
import type { Placement, Runtime } from '../infra/runtimes/runtime.ts';
import type { RunRecord } from '../record/run.ts';
import { createResultsFolder, type ResultsFolder } from '../record/write.ts';
import type { ChosenLimits } from './limits.ts';
import type { Progress } from './progress.ts';
import { repository, toolVersion } from './repository.ts';

/** What a command that measures has for all of its runs. */
export interface Machine {
  /** The command line as typed. */
  readonly command: readonly string[];
  readonly limits: ChosenLimits;
  readonly progress: Progress;
  /** Aborts when the person wants the command to end. */
  readonly signal: AbortSignal;
  readonly runtime: Runtime['name'];
  /** A new one; whoever calls it closes it. */
  createRuntime(): Promise<Runtime>;
}

export interface RunContext extends Pick<Machine, 'limits' | 'progress' | 'signal'> {
  /** Where the run comes from, as its record says it. */
  readonly origin: Pick<RunRecord, 'runId' | 'command' | 'tool' | 'host'>;
  readonly runtime: Runtime;
  readonly placement: Placement;
  readonly results: ResultsFolder;
  /** Folder of the code that is measured, with its lock file and installed packages; sides of a gate have their own. */
  readonly repository: string;
  readonly machine: MachineView;
}

/** Begins with the time in UTC, so that names sort by age. */
export function newRunId(): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

/**
 * Makes the folder of a new run, then the runtime.
 * @param out folder that gets it
 * @throws UserError
 */
export async function openContext(
  { command, limits, progress, signal, createRuntime }: Machine,
  out: string,
  runId: string,
): Promise<RunContext> {
  const results = await createResultsFolder(out, runId);
  const runtime = await createRuntime();
  const placement = await choosePlacement();
  progress.say(`Placement   ${placement.description}`);
  const origin = { runId, command: [...command], tool: await toolVersion(), host: await readHost() };
  return {
    ...{ limits, progress, signal, origin, runtime, placement, results, repository },
    machine: thisMachine,
  };
}
