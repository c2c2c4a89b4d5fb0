/** The programs of services, found or fetched. */
import { provisionPrograms } from '../../machine/programs/index.ts';
import type { Executable } from '../../machine/programs/program.ts';
import { tryProgram } from '../../machine/programs/try.ts';
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

/** A program that was built into the cache. */
export const builtHere = (file: string): Executable => ({
  path: file,
  env: {},
  origin: 'cache',
  root: null,
  version: null,
});

export async function programsOf(
  services: readonly Service[],
  progress: (line: string) => void,
): Promise<Programs> {
  const needs = services.flatMap(({ programs }) => programs).filter(({ name }) => name !== thisNode.name);
  const answers = await provisionPrograms(needs, { progress });
  const found = new Map<string, Executable>([[thisNode.name, thisNode.executable]]);
  const lacks = new Map<string, Lack>();
  const needed = new Map(needs.map((need) => [need.name, need]));
  await Promise.all(
    [...needed].map(async ([name, need]) => {
      const answer = answers.get(name);
      if (answer === undefined || found.has(name)) return;
      const tried = answer.status === 'ready' ? await tryProgram(need, answer.executable) : answer;
      if (tried.status === 'ready') found.set(name, tried.executable);
      else lacks.set(name, tried.lack);
    }),
  );
  return { found, lacks };
}
