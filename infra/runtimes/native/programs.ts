/** The programs of services, found or fetched. */
import { provisionPrograms } from '../../machine/programs/index.ts';
import { type Executable, firstLine, type ProgramNeed } from '../../machine/programs/program.ts';
import { runProgram } from '../../machine/run.ts';
import type { Service } from '../../services/definition.ts';
import type { Lack } from '../runtime.ts';

export interface Programs {
  readonly found: ReadonlyMap<string, Executable>;
  /** By name of the program. */
  readonly lacks: ReadonlyMap<string, Lack>;
}

/** Apps run on the Node.js that runs the harness: it is part of the lockfile. */
const thisNode: { readonly name: string; readonly executable: Executable } = {
  name: 'node',
  executable: { path: process.execPath, env: {}, origin: 'system', root: null, version: process.version },
};

export async function programsOf(
  services: readonly Service[],
  progress: (line: string) => void,
): Promise<Programs> {
  const needs = services.flatMap(({ programs }) => programs).filter(({ name }) => name !== thisNode.name);
  const answers = await provisionPrograms(needs, { progress });
  const found = new Map<string, Executable>([[thisNode.name, thisNode.executable]]);
  const lacks = new Map<string, Lack>();
  for (const need of needs) {
    const answer = answers.get(need.name);
    if (answer?.status === 'lacking') lacks.set(need.name, answer.lack);
    else if (answer && !found.has(need.name))
      found.set(need.name, await withVersion(answer.executable, need));
  }
  return { found, lacks };
}

/** Enough for a program that only says who it is, on a machine with much else to do. */
const VERSION_TIMEOUT_MS = 10_000;

async function withVersion(executable: Executable, { versionOption }: ProgramNeed): Promise<Executable> {
  if (versionOption === undefined) return executable;
  const { path, env } = executable;
  const { stdout } = await runProgram(path, [versionOption], { env, timeoutMs: VERSION_TIMEOUT_MS });
  return { ...executable, version: firstLine(stdout) };
}
