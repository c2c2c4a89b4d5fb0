/** Ends the servers that still run when this process ends, whatever the reason. */
import { rmSync } from 'node:fs';
import { isAlive, type ProcessIdentity, processTree, signal } from './process-table.ts';

const GRACE_MS = 1_000;
const CHECK_EVERY_MS = 10;

const children = new Map<ProcessIdentity, NodeJS.Signals>();
const folders = new Set<string>();
let installed = false;

function install(): void {
  if (!installed) process.on('exit', endAll);
  installed = true;
}

export function rememberChild(identity: ProcessIdentity, killSignal: NodeJS.Signals): void {
  children.set(identity, killSignal);
  install();
}

export function forgetChild(identity: ProcessIdentity): void {
  children.delete(identity);
}

/** A folder to remove when its processes have ended. */
export function rememberFolder(folder: string): void {
  folders.add(folder);
  install();
}

export function forgetFolder(folder: string): void {
  folders.delete(folder);
}

/** Synchronous, since the event loop has ended. */
function endAll(): void {
  const trees = [...children.keys()].flatMap((identity) => processTree(identity.pid));
  for (const [identity, killSignal] of children) signal(identity, killSignal);
  for (const entry of trees) signal(entry, 'SIGCONT');
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; waited < GRACE_MS && trees.some(isAlive); waited += CHECK_EVERY_MS) {
    Atomics.wait(cell, 0, 0, CHECK_EVERY_MS);
  }
  for (const entry of trees) signal(entry, 'SIGKILL');
  for (const folder of folders) {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // The sweep of the next run removes it.
    }
  }
}
