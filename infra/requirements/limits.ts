/** Limits on what one process, one user or one control group may have. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readProcessTable } from '../machine/process-table.ts';
import { unprivilegedUser } from '../machine/unprivileged.ts';
import { FEWEST_OPEN_FILES, openFilesLimit } from '../services/open-files.ts';
import { type Answer, bad, good, type Requirement } from './requirement.ts';

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
];

/** Empty where the file cannot be read. */
const read = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

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
  const room = Math.min(await roomOfUser(), await roomOfGroup());
  if (room >= ENOUGH_THREADS) return good(Number.isFinite(room) ? `room for ${room} more` : 'no limit');
  return bad(
    `there is room for ${Math.max(0, room)} more, threads counted, and ${ENOUGH_THREADS} are needed`,
    'Raise the limit before the start ("ulimit -u 4096", TasksMax=4096 for a service, --pids-limit 4096 for a container), or end other programs of the user.',
  );
}

/** The kernel holds users other than root to the limit, and servers run as another user than root. */
async function roomOfUser(): Promise<number> {
  const limit = Number(/^Max processes\s+(\S+)/m.exec(await read('/proc/self/limits'))?.[1] ?? Number.NaN);
  if (Number.isNaN(limit)) return Number.POSITIVE_INFINITY;
  if (limit >= AMPLE_THREADS) return limit;
  return limit - (await threadsOf(unprivilegedUser()?.uid ?? process.getuid?.() ?? 0));
}

async function threadsOf(uid: number): Promise<number> {
  const counts = await Promise.all(
    [...readProcessTable().keys()].map(async (pid) => {
      const owner = await stat(`/proc/${pid}`).catch(() => null);
      if (owner?.uid !== uid) return 0;
      return Number(/^Threads:\s+(\d+)/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0);
    }),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}

/** Of the control groups that this process is in, one within the other. */
async function roomOfGroup(): Promise<number> {
  const own = /^(\d+):(pids|):(.*)$/m.exec(await pidsLine());
  if (!own) return Number.POSITIVE_INFINITY;
  const [, , controller = '', within = '/'] = own;
  const root = path.join('/sys/fs/cgroup', controller);
  let room = Number.POSITIVE_INFINITY;
  for (let group = within; ; group = path.dirname(group)) {
    const number = async (name: string) => Number.parseInt(await read(path.join(root, group, name)), 10);
    const [most, present] = await Promise.all([number('pids.max'), number('pids.current')]);
    if (Number.isFinite(most) && Number.isFinite(present)) room = Math.min(room, most - present);
    if (group === '/' || group === '.') return room;
  }
}

/** Version 1 has a hierarchy for it, version 2 one for all. */
async function pidsLine(): Promise<string> {
  const lines = (await read('/proc/self/cgroup')).split('\n');
  return lines.find((line) => /^\d+:pids:/.test(line)) ?? lines.find((line) => line.startsWith('0::')) ?? '';
}
