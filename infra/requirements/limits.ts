/** Limits on what one process, one user or one control group may have. */
import { stat } from 'node:fs/promises';
import { readProcessTable } from '../machine/process-table.ts';
import { readOrEmpty } from '../machine/read-or-empty.ts';
import { unprivilegedUser } from '../machine/unprivileged.ts';
import { FEWEST_OPEN_FILES, openFilesLimit } from '../services/open-files.ts';
import { roomInGroups } from './control-group.ts';
import { portsRequirement } from './ports.ts';
import { type Answer, bad, good, hint, type Requirement } from './requirement.ts';

/** Threads of the servers of all strategies, their apps and the generator, with room. */
const ENOUGH_THREADS = 400;
/** Below this, threads are counted. */
const AMPLE_THREADS = 4_000;

export const limitRequirements: readonly Requirement[] = [
  {
    name: 'open files',
    means: 'HAProxy and the generator hold a connection for each request under way',
    ask: askOpenFiles,
  },
  { name: 'processes', means: 'servers are processes with threads', ask: askProcesses },
  portsRequirement,
  { name: 'other limits', means: 'a server that reaches one is ended', ask: askOtherLimits },
];

/** The soft limit does not count: Node.js raises it to the hard one when it starts, and so for all that it starts. */
async function askOpenFiles(): Promise<Answer> {
  const limit = openFilesLimit();
  if (limit === null) return good('no limit is told');
  const detail = `at most ${limit}`;
  if (limit >= FEWEST_OPEN_FILES) return good(detail);
  return bad(
    `${detail} for each process, and ${FEWEST_OPEN_FILES} are needed`,
    'Raise the hard limit before the start: "ulimit -n 4096" as root, LimitNOFILE=4096 for a service, --ulimit nofile=4096 for a container, or nofile in /etc/security/limits.conf for a user.',
  );
}

async function askProcesses(): Promise<Answer> {
  const room = Math.min(
    await roomOfUser(),
    await roomInGroups('pids', { limit: ['pids.max'], use: ['pids.current'] }),
  );
  if (room >= ENOUGH_THREADS) return good(Number.isFinite(room) ? `room for ${room} more` : 'no limit');
  return bad(
    `there is room for ${Math.max(0, room)} more, threads counted, and ${ENOUGH_THREADS} are needed`,
    'Raise the limit before the start ("ulimit -u 4096", TasksMax=4096 for a service, --pids-limit 4096 for a container), or end other programs of the user.',
  );
}

/** The kernel holds users other than root to the limit, and servers run as another user than root. */
async function roomOfUser(): Promise<number> {
  const limit = Number(
    /^Max processes\s+(\S+)/m.exec(await readOrEmpty('/proc/self/limits'))?.[1] ?? Number.NaN,
  );
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY;
  if (limit >= AMPLE_THREADS) return limit;
  return limit - (await threadsOf(unprivilegedUser()?.uid ?? process.getuid?.() ?? 0));
}

async function threadsOf(uid: number): Promise<number> {
  const counts = await Promise.all(
    [...readProcessTable().keys()].map(async (pid) => {
      const owner = await stat(`/proc/${pid}`).catch(() => null);
      if (owner?.uid !== uid) return 0;
      return Number(/^Threads:\s+(\d+)/m.exec(await readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
    }),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

const GIB = 2 ** 30;
/** Rows of `/proc/self/limits`, what a process needs of each at least, and how a shell lifts it. */
const otherLimits = [
  { row: 'Max cpu time', least: 3_600, shell: 'ulimit -t unlimited' },
  { row: 'Max file size', least: 2 * GIB, shell: 'ulimit -f unlimited' },
  { row: 'Max stack size', least: 2 ** 20, shell: 'ulimit -s 8192' },
  { row: 'Max data size', least: 4 * GIB, shell: 'ulimit -d unlimited' },
  { row: 'Max address space', least: 16 * GIB, shell: 'ulimit -v unlimited' },
] as const;

async function askOtherLimits(): Promise<Answer> {
  return limitsAnswer(await readOrEmpty('/proc/self/limits'));
}

/** @param limits text of `/proc/self/limits`, empty where it cannot be read */
export function limitsAnswer(limits: string): Answer {
  if (limits === '') return hint('not known: /proc/self/limits cannot be read', 'Mount /proc.');
  const low = otherLimits.flatMap(({ row, least, shell }) => {
    const limit = Number(new RegExp(`^${row}\\s+(\\S+)`, 'm').exec(limits)?.[1] ?? Number.NaN);
    return limit < least ? [{ words: `${row.toLowerCase()} is ${limit}, of ${least} at least`, shell }] : [];
  });
  if (low.length === 0) return good('none in the way');
  return bad(
    low.map(({ words }) => words).join('; '),
    `Lift it before the start: ${low.map(({ shell }) => shell).join('; ')}`,
  );
}
