/** The programs that are compared, and what they run on. */

import { environmentFor } from '../../infra/machine/environment.ts';
import { readHost } from '../../infra/machine/host.ts';
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
  readonly wrk: Executable;
}

/** @throws UserError when one is neither here nor to be had */
export async function providePrograms(progress: (line: string) => void): Promise<Programs> {
  const [k6, programs] = await Promise.all([
    provisionK6({ progress }),
    provisionPrograms([wrkNeed], { progress }),
  ]);
  const wrk = programs.get(wrkNeed.name);
  if (k6.status === 'ready' && wrk?.status === 'ready') return { k6: k6.path, wrk: wrk.executable };
  const lacks = [k6, wrk].flatMap((each) => (each?.status === 'lacking' ? [each.lack] : []));
  throw new UserError(
    'unavailable',
    lacks.map(({ what, why, remedy }) => `${what}: ${why}\n  ${remedy}`).join('\n'),
  );
}

/** Processor, cores, kernel and versions. */
export async function describeMachine({ k6, wrk }: Programs): Promise<string> {
  const { cpuModel, cores, kernel, virtualization } = await readHost();
  const k6Version = (await runOrThrow(k6, ['version'])).stdout.split('\n')[0] ?? '';
  // wrk prints its version with its usage, and fails.
  const about = await runProgram(wrk.path, ['-v'], { env: { ...environmentFor('program'), ...wrk.env } });
  const wrkVersion = /wrk \S+/.exec(about.all)?.[0] ?? 'wrk';
  return `${cpuModel}, ${cores} cores, Linux ${kernel} (${virtualization}); ${k6Version}; ${wrkVersion}; Node.js ${process.version}`;
}
