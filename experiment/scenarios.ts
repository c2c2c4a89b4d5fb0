/** Finds the scenarios: each `scenarios/<name>.ts` with its `scenarios/workloads/<name>.ts` is one. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

export const scenariosFolder = path.resolve(import.meta.dirname, '../scenarios');
export const defaultScenario = 'steady';

const share = z.number().min(0).max(1);

const workloadSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  source: z.string(),
  mix: z
    .strictObject({ login: share, read: share, write: share, logout: share })
    .refine(
      (mix) => Math.abs(mix.login + mix.read + mix.write + mix.logout - 1) < 1e-9,
      'the shares must sum to 1',
    ),
  payloadBytes: z.int().min(0).max(65_536),
  sessions: z.int().min(1),
  zipfExponent: z.number().min(0),
});

export type Workload = z.infer<typeof workloadSchema>;

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
