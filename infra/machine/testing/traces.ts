/** What this process has left on the machine: processes, folders, listeners. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import os from 'node:os';
import { processTree } from '../process-table.ts';
import { RUN_FOLDER_PREFIX } from '../run-folder.ts';

/** Run folders of one harness process. */
export function runFoldersOf(pid: number): readonly string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith(`${RUN_FOLDER_PREFIX}${pid}-`));
}

export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Fails when this process has children, a run folder, or a listener on one of the ports. */
export async function assertNothingLeft(ports: readonly number[]): Promise<void> {
  const children = processTree(process.pid).filter(({ pid, state }) => pid !== process.pid && state !== 'Z');
  assert.deepEqual(
    children.map(({ pid }) => pid),
    [],
    'processes are left',
  );
  assert.deepEqual(runFoldersOf(process.pid), [], 'a run folder is left');
  const open = await Promise.all(ports.map(async (port) => ((await listens(port)) ? [port] : [])));
  assert.deepEqual(open.flat(), [], 'ports are still listened on');
}
