/** Memory of processes, from /proc. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { environmentFor } from './environment.ts';
import { isAlive, type ProcessIdentity } from './process-table.ts';

const BYTES_PER_KIB = 1024;
/** Time for reading as another user, in milliseconds. */
const READING_MS = 2_000;

const fileOf = (pid: number): string => `/proc/${pid}/smaps_rollup`;

/**
 * Private memory plus a fair part of shared memory, of all together, in bytes. What has ended counts nothing. Null where
 * the kernel does not tell, or not to us.
 */
export function proportionalSetSize(processes: readonly ProcessIdentity[]): number | null {
  const own = new Map(processes.map(({ pid }) => [pid, readOwn(pid)]));
  const refused = processes.filter((each) => own.get(each.pid) === null && isAlive(each));
  const asOwners = refused.length > 0 ? readAsOwners(refused) : new Map<number, number>();
  let sum = 0;
  for (const each of processes) {
    const bytes = own.get(each.pid) ?? asOwners.get(each.pid) ?? null;
    if (bytes === null && isAlive(each)) return null;
    sum += bytes ?? 0;
  }
  return sum;
}

function readOwn(pid: number): number | null {
  try {
    return bytesIn(readFileSync(fileOf(pid), 'utf8'));
  } catch {
    return null;
  }
}

function bytesIn(text: string): number | null {
  const kibibytes = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * BYTES_PER_KIB;
}

/** Root without the capability SYS_PTRACE may not read the memory of others; but it may become their user, who may. */
function readAsOwners(processes: readonly ProcessIdentity[]): ReadonlyMap<number, number> {
  const read = new Map<number, number>();
  for (const [owner, group] of Map.groupBy(processes, ownerOf)) {
    if (owner === null) continue;
    const [uid, gid] = owner.split(':').map(Number);
    const { stdout } = spawnSync('grep', ['-H', '^Pss:', ...group.map(({ pid }) => fileOf(pid))], {
      env: environmentFor('program'),
      cwd: '/',
      encoding: 'utf8',
      timeout: READING_MS,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    for (const [, pid, line = ''] of (stdout ?? '').matchAll(/^\/proc\/(\d+)\/smaps_rollup:(.*)$/gm)) {
      const bytes = bytesIn(line);
      if (bytes !== null) read.set(Number(pid), bytes);
    }
  }
  return read;
}

/** `uid:gid`; null when it has ended. */
function ownerOf({ pid }: ProcessIdentity): string | null {
  try {
    const { uid, gid } = statSync(`/proc/${pid}`);
    return `${uid}:${gid}`;
  } catch {
    return null;
  }
}
