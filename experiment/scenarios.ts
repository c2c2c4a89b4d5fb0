/** Finds the scenarios: each `scenarios/<name>.ts` with its `scenarios/workloads/<name>.ts` is one. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Workload, workload as workloadSchema } from '../record/workload.ts';

export const scenariosFolder = path.resolve(import.meta.dirname, '../scenarios');
export const defaultScenario = 'steady';

export interface Scenario {
  readonly workload: Workload;
  /** Absolute path of the k6 script. */
  readonly script: string;
}

async function readScenario(name: string): Promise<Scenario> {
  const file = path.join(scenariosFolder, 'workloads', `${name}.ts`);
  const module: { workload?: unknown } = await import(pathToFileURL(file).href);
  const parsed = workloadSchema.safeParse(module.workload);
  if (!parsed.success)
    throw new Error(`${file} exports no sound workload:\n${z.prettifyError(parsed.error)}`);
  return { workload: parsed.data, script: path.join(scenariosFolder, `${name}.ts`) };
}

export async function discoverScenarios(): Promise<readonly Scenario[]> {
  const scripts = new Set(await readdir(scenariosFolder));
  const workloads = await readdir(path.join(scenariosFolder, 'workloads'));
  const names = workloads
    .filter((file) => file.endsWith('.ts') && scripts.has(file))
    .map((file) => file.slice(0, -3));
  return Promise.all(names.sort().map(readScenario));
}
