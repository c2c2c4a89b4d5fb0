/** Everything that a run needs of this machine, asked in one go. */
import type { ImageOverrides } from '../runtimes/index.ts';
import type { Strategy } from '../runtimes/runtime.ts';
import { examineDocker } from './docker.ts';
import { folderRequirements } from './folders.ts';
import { leftoversRequirement } from './leftovers.ts';
import { machineRequirements } from './machine.ts';
import { examinePrograms } from './programs.ts';
import { examine, type Finding } from './requirement.ts';

export type { Finding, Standing } from './requirement.ts';

export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

export interface Wanted {
  readonly strategies: readonly Strategy[];
  readonly images: ImageOverrides;
  /** Absolute path of the folder that gets the results. */
  readonly results: string;
}

/** Changes nothing. */
export async function examineAll({ strategies, images, results }: Wanted): Promise<readonly Section[]> {
  const [machine, docker, native] = await Promise.all([
    examine([...machineRequirements, ...folderRequirements(results), leftoversRequirement]),
    examineDocker(strategies, images),
    examinePrograms(strategies),
  ]);
  const inPractice = (findings: readonly Finding[]) => (docker.usable ? findings.map(notInTheWay) : findings);
  return [
    { title: 'Machine', findings: machine },
    { title: 'Docker', findings: docker.findings },
    { title: 'Programs, for the native runtime', findings: inPractice(native.programs) },
    { title: 'Strategies, on the native runtime', findings: inPractice(native.strategies) },
  ];
}

/** What only the native runtime lacks is in nobody's way where runs use Docker. */
function notInTheWay(finding: Finding): Finding {
  if (finding.status !== 'bad') return finding;
  return { ...finding, status: 'hint', detail: `${finding.detail.replace(/\.$/, '')}; it runs in Docker` };
}

/** True where every strategy can run. */
export const allCanRun = (sections: readonly Section[]): boolean =>
  sections.every(({ findings }) => findings.every(({ status }) => status !== 'bad'));
