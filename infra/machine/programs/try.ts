/** Whether a program that was found can be run as the servers are. */

import { environmentFor } from '../environment.ts';
import type { Lack } from '../lack.ts';
import { describeEnding, runProgram } from '../run.ts';
import { closedOnTheWay } from '../temporary-folder.ts';
import { unprivilegedUser } from '../unprivileged.ts';
import { type Executable, firstLine, type ProgramNeed } from './program.ts';

/** Time for an answer, in milliseconds: a busy machine is slow, and a program that waits for more never answers. */
const ANSWER_MS = 20_000;

export type Tried =
  | { readonly status: 'ready'; readonly executable: Executable }
  | { readonly status: 'lacking'; readonly lack: Lack };

/** @returns the program with what it says of its version, or why it cannot be run */
export async function tryProgram(need: ProgramNeed, executable: Executable): Promise<Tried> {
  const { path: file, env, origin, root } = executable;
  const user = unprivilegedUser();
  const option = need.tryOption ?? need.versionOption;
  // A program that nobody knows a harmless option of is not run, and only looked at.
  const [program, args] = option === undefined ? ['test', ['-x', file]] : [file, [option]];
  const outcome = await runProgram(program, args, {
    env: { ...environmentFor('server'), ...env },
    cwd: '/',
    timeoutMs: ANSWER_MS,
    ...(user ? { user } : {}),
  });
  if (outcome.exitCode === 0)
    return { status: 'ready', executable: { ...executable, version: firstLine(outcome.stdout) } };
  const said = outcome.all.trim().split('\n', 1).join();
  const who = user ? ` as the user that servers run as (${user.uid})` : '';
  const why = `${file} cannot be run${who}: ${describeEnding({ ...outcome, program: file })}${said === '' ? '' : `: ${said}`}`;
  const closed = user && closedOnTheWay(file, user);
  const remedies = {
    closed: `Let others pass: chmod o+x ${closed}. Or name another folder in SESSION_BENCH_CACHE.`,
    system: 'Mend it, or take its folder off PATH, so that another one is found.',
    cache: `Remove ${root}, so that it is fetched anew.`,
  };
  const lack = { what: need.candidates.join(' or '), why, remedy: remedies[closed ? 'closed' : origin] };
  return { status: 'lacking', lack };
}
