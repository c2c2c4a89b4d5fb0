/** The programs that are compared, and what they run on. */

import { environmentFor } from '../../infra/machine/environment.ts';
import { readHost } from '../../infra/machine/host.ts';
import type { Lack } from '../../infra/machine/lack.ts';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { provisionPrograms } from '../../infra/machine/programs/index.ts';
import { provisionK6 } from '../../infra/machine/programs/k6-build.ts';
import type { Executable, ProgramNeed } from '../../infra/machine/programs/program.ts';
import { runOrThrow, runProgram } from '../../infra/machine/run.ts';
import { UserError } from '../../record/user-error.ts';

const wrkNeed: ProgramNeed = {
  name: 'wrk',
  candidates: ['wrk'],
  debianPackages: ['wrk'],
  remedies: {
    debian: 'sudo apt-get install wrk',
    fedora: 'sudo dnf install wrk',
    macos: 'brew install wrk',
    other: 'Install wrk and put it on PATH.',
  },
};

export interface Programs {
  readonly k6: string;
  /** Null where it is neither here nor to be had. */
  readonly wrk: Executable | null;
  /** Null where it is not on PATH: no distribution that we fetch from has it. */
  readonly wrk2: string | null;
}

/** @throws UserError when k6 is neither here nor can be built */
export async function providePrograms(progress: (line: string) => void): Promise<Programs> {
  const [k6, programs, wrk2] = await Promise.all([
    provisionK6({ progress }),
    provisionPrograms([wrkNeed], { progress }),
    systemFolders().then((folders) => findProgram(['wrk2'], folders)),
  ]);
  if (k6.status === 'lacking') throw new UserError('unavailable', inWords(k6.lack));
  const wrk = programs.get(wrkNeed.name);
  if (wrk?.status === 'lacking') progress(`Without wrk. ${inWords(wrk.lack)}`);
  if (wrk2 === null)
    progress('Without wrk2, which is not on PATH. Build it, and put it there to compare with it.');
  return { k6: k6.path, wrk: wrk?.status === 'ready' ? wrk.executable : null, wrk2 };
}

const inWords = ({ what, why, remedy }: Lack): string => `${what}: ${why}. ${remedy}`;

/** Processor, cores, kernel and versions. */
export async function describeMachine({ k6, wrk, wrk2 }: Programs): Promise<string> {
  const { cpuModel, cores, kernel, virtualization } = await readHost();
  const k6Version = (await runOrThrow(k6, ['version'])).stdout.split('\n')[0] ?? '';
  const versions = await Promise.all([
    wrk ? versionOf('wrk', wrk.path, wrk.env) : 'no wrk',
    wrk2 === null ? 'no wrk2' : versionOf('wrk2', wrk2, {}),
  ]);
  return `${cpuModel}, ${cores} cores, Linux ${kernel} (${virtualization}); ${k6Version}; ${versions.join('; ')}; Node.js ${process.version}`;
}

/** Both print their version with their usage, and fail. Both call themselves wrk. */
async function versionOf(name: string, file: string, env: Executable['env']): Promise<string> {
  const about = await runProgram(file, ['-v'], { env: { ...environmentFor('program'), ...env } });
  return `${name} ${/wrk (\S+)/.exec(about.all)?.[1] ?? 'of an unknown version'}`;
}
