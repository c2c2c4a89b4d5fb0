/** Which processes of this machine the engine runs for us, or is itself. */
import { readFileSync } from 'node:fs';
import type { ProcessEntry } from '../../../machine/process-table.ts';

/** As the system has them, cut to 15 characters. */
const ofEngine = ['dockerd', 'containerd', 'docker-proxy', 'docker-init', 'runc'];

const CONTAINER_ID = /[0-9a-f]{64}/g;

/**
 * True for the engine's own processes, and for those in one of the containers.
 * @param containers their ids
 */
export function ownsProcess(
  { pid, name }: Pick<ProcessEntry, 'pid' | 'name'>,
  containers: ReadonlySet<string>,
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): boolean {
  if (ofEngine.some((each) => name.startsWith(each))) return true;
  return (groupsOf(pid, read).match(CONTAINER_ID) ?? []).some((id) => containers.has(id));
}

function groupsOf(pid: number, read: (file: string) => string): string {
  try {
    return read(`/proc/${pid}/cgroup`);
  } catch {
    // It has ended.
    return '';
  }
}
