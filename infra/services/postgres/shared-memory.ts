/**
 * Shared memory as PostgreSQL takes it: files under /dev/shm, and one small segment of the System V kind, which keeps two
 * servers from one folder of data.
 */
import os from 'node:os';
import { findProgram, systemFolders } from '../../machine/programs/find.ts';
import { describeEnding, type ProgramOutcome, runProgram } from '../../machine/run.ts';
import { unprivilegedUser } from '../../machine/unprivileged.ts';
import { type Answer, bad, good, type Requirement } from '../../requirements/requirement.ts';

/** Docker gives a container 64 MiB. */
const MIB = 16;
const TIMEOUT_MS = 10_000;

export const sharedMemory: Requirement = {
  name: 'shared memory',
  means: 'the processes of PostgreSQL share it',
  ask: async () => (os.platform() === 'linux' ? ((await askFiles()) ?? (await askSegments())) : null),
};

const files = `f=/dev/shm/session-bench-$$; head -c ${MIB * 2 ** 20} /dev/zero > $f; ended=$?; rm -f $f; exit $ended`;

/** Null where there is enough. */
async function askFiles(): Promise<Answer | null> {
  const outcome = await asServer('sh', ['-c', files]);
  if (outcome === null || outcome.exitCode === 0) return null;
  return bad(
    `${MIB} MiB cannot be written under /dev/shm: ${wordsOf(outcome)}`,
    'Mount it large enough for everybody: mount -t tmpfs -o size=64m,mode=1777 tmpfs /dev/shm (for a container: --shm-size 64m)',
  );
}

async function askSegments(): Promise<Answer> {
  const outcome = await asServer('ipcmk', ['--shmem', '64']);
  const id = /(\d+)\s*$/.exec(outcome?.stdout ?? '')?.[1];
  if (id !== undefined) await asServer('ipcrm', ['--shmem-id', id]);
  if (outcome === null || outcome.exitCode === 0) return good('under /dev/shm and of System V');
  return bad(
    `a segment of System V cannot be had: ${wordsOf(outcome)}`,
    'See what the kernel allows (ipcs -lm), raise it (sysctl kernel.shmmni=4096 kernel.shmall=18446744073692774399 kernel.shmmax=18446744073692774399), or remove segments that nobody uses (ipcrm).',
  );
}

/** As the user that servers run as; null where there is no such program. */
async function asServer(name: string, args: readonly string[]): Promise<ProgramOutcome | null> {
  const program = await findProgram([name], await systemFolders());
  const user = unprivilegedUser();
  if (program === null) return null;
  return await runProgram(program, args, { cwd: '/', timeoutMs: TIMEOUT_MS, ...(user ? { user } : {}) });
}

const wordsOf = (outcome: ProgramOutcome): string =>
  outcome.stderr
    .trim()
    .split('\n')
    .at(0)
    ?.replace(/^.*?: /, '') || describeEnding(outcome);
