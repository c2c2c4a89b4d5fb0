/** What a run of ours has alive on this machine, read from /proc. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import {
  isAlive,
  type ProcessIdentity,
  processTree,
  readProcessTable,
} from '../infra/machine/process-table.ts';
import { RUN_FOLDER_PREFIX, RUN_MARKER } from '../infra/machine/run-folder.ts';
import { until } from '../infra/machine/until.ts';

export interface ProcessInfo extends ProcessIdentity {
  readonly command: string;
}

/** A process and everything it started, however deep. */
export const family = (root: number): readonly ProcessInfo[] =>
  processTree(root).map(({ pid, startTicks }) => ({ pid, startTicks, command: commandOf(pid) }));

const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Fails when one of these, or another process that bears the mark of their run, outlives it: then a port may be taken. */
export async function assertEnded(processes: readonly ProcessInfo[]): Promise<void> {
  const [harness] = processes;
  assert.ok(harness);
  for (const each of processes)
    await until(`the end of process ${each.pid}: ${each.command}`, 5_000, () => assert.ok(!isAlive(each)));
  const mark = `${RUN_MARKER}=${RUN_FOLDER_PREFIX}${harness.pid}-`;
  const marked = [...readProcessTable().keys()].filter((pid) => read(`/proc/${pid}/environ`).includes(mark));
  assert.deepEqual(marked.map(commandOf), []);
}
