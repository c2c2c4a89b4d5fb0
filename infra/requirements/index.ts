/**
 * Everything that a run needs of this machine, in one table. The doctor shows all of it; commands that measure ask the
 * part that their runtime needs, before they start anything: both find the same, in the same words.
 */
import type { ImageOverrides } from '../runtimes/index.ts';
import type { Runtime, Strategy } from '../runtimes/runtime.ts';
import { twoCores } from './benchmark.ts';
import { examineDocker } from './docker.ts';
import { folderRequirements } from './folders.ts';
import { leftoversRequirement } from './leftovers.ts';
import { limitRequirements } from './limits.ts';
import { machineRequirements } from './machine.ts';
import { examineGenerator, examinePrograms, examineProxies, type ProgramExamination } from './programs.ts';
import { rehearsalRequirement } from './rehearsal.ts';
import { examine, type Finding, type Requirement } from './requirement.ts';

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

/** What every run needs. @param complete whether all programs are here already */
const common = (results: string, complete: Promise<boolean>): readonly Requirement[] => [
  ...machineRequirements,
  ...folderRequirements(results, complete),
  leftoversRequirement,
];

/** What servers need that are processes of this machine. */
const ofProcesses: readonly Requirement[] = [...limitRequirements, rehearsalRequirement];

/** Changes nothing. */
export async function examineAll({ strategies, images, results }: Wanted): Promise<readonly Section[]> {
  const programs = examinePrograms(strategies);
  const [machine, processes, docker, native, proxies, benchmark] = await Promise.all([
    examine(common(results, programs.then(isComplete))),
    examine(ofProcesses),
    examineDocker(strategies, images),
    programs,
    examineProxies(),
    examine([twoCores()]),
  ]);
  const inPractice = (findings: readonly Finding[]) => (docker.usable ? findings.map(notInTheWay) : findings);
  return [
    { title: 'Machine', findings: machine },
    { title: 'Docker', findings: docker.findings },
    { title: 'Processes, for the native runtime', findings: inPractice(processes) },
    {
      title: 'Programs and what they need, for the native runtime',
      findings: inPractice([...native.programs, proxies]),
    },
    { title: 'Strategies, on the native runtime', findings: inPractice(native.strategies) },
    { title: 'The generator itself, for npm run benchmark', findings: benchmark.map(onlyThere) },
  ];
}

export interface InTheWay {
  /** What keeps everything from being measured; empty where at least one strategy can be. */
  readonly ofAll: readonly Finding[];
  /** Strategies that cannot run while others can, and what they lack. */
  readonly ofSome: readonly Finding[];
  /** What can be measured. */
  readonly able: readonly Strategy[];
}

/** What stands in the way of a run with this runtime. Changes nothing. */
export async function examineFor(
  runtime: Runtime['name'],
  { strategies, results, images }: Wanted,
): Promise<InTheWay> {
  if (runtime === 'docker') {
    const [machine, docker] = await Promise.all([
      examine(common(results, Promise.resolve(true))),
      examineDocker(strategies, images),
    ]);
    return { ofAll: [...machine, ...docker.findings].filter(isBad), ofSome: [], able: strategies };
  }
  const programs = examinePrograms(strategies);
  const [machine, native] = await Promise.all([
    examine([...common(results, programs.then(isComplete)), ...ofProcesses]),
    programs,
  ]);
  const unable = native.strategies.filter(isBad);
  const none = unable.length === native.strategies.length;
  return {
    ofAll: [...machine, ...(none ? [...native.programs, ...unable] : [])].filter(isBad),
    ofSome: none ? [] : [...unable, ...native.programs.filter(isBad)],
    able: strategies.filter((_, index) => native.strategies[index]?.status !== 'bad'),
  };
}

/**
 * What stands in the way of measuring the generator itself. Changes nothing.
 * @param page folder that something is written to
 */
export async function examineBenchmark(page: string): Promise<readonly Finding[]> {
  const generator = examineGenerator();
  const complete = generator.then((programs) => isComplete({ programs }));
  const [machine, programs] = await Promise.all([
    examine([...common(page, complete), ...ofProcesses, twoCores()]),
    generator,
  ]);
  return [...machine, ...programs].filter(isBad);
}

/** Whether nothing would be fetched or built. */
const isComplete = ({ programs }: Pick<ProgramExamination, 'programs'>): boolean =>
  programs.every(({ status }) => status !== 'later');

const isBad = ({ status }: Finding): boolean => status === 'bad';

/** What only the native runtime lacks is in nobody's way where runs use Docker. */
function notInTheWay(finding: Finding): Finding {
  if (finding.status !== 'bad') return finding;
  return { ...finding, status: 'hint', detail: `${finding.detail.replace(/\.$/, '')}; it runs in Docker` };
}

/** What only measuring the generator itself lacks is in no strategy's way. */
const onlyThere = (finding: Finding): Finding =>
  finding.status === 'bad' ? { ...finding, status: 'hint' } : finding;

/** True where every strategy can run. */
export const allCanRun = (sections: readonly Section[]): boolean =>
  sections.every(({ findings }) => !findings.some(isBad));
