/** The project's budgets: `session-bench.config.ts` or `.json`, or a file that is named. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../infra/machine/errors.ts';
import { type Budget, parseBudgets } from '../../reports/gate/budgets.ts';

/**
 * p50 and CPU per request carry a gate on a small machine; tails at a fixed rate do not (docs/method.md). The commands that
 * a store is sent are counted, so that a round trip more shows where times drown in a machine's noise.
 */
export const defaultBudgets: readonly Budget[] = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
  { metric: 'storeCommandsPerRequest', share: 0.05 },
];

export type FoundBudgets =
  | { readonly status: 'found'; readonly budgets: readonly Budget[]; readonly origin: string }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

const names = ['session-bench.config.ts', 'session-bench.config.json'] as const;

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/**
 * @param named the file that was named on the command line, if one was
 * @param folder where to look otherwise
 */
export async function findBudgets(named: string | undefined, folder: string): Promise<FoundBudgets> {
  if (named !== undefined) return readBudgets(path.resolve(named), named);
  const files = names.map((name) => path.join(folder, name));
  const present = await Promise.all(files.map(exists));
  const [first, second] = names.filter((_, index) => present[index]);
  if (first === undefined) return { status: 'found', budgets: defaultBudgets, origin: 'built in' };
  if (second !== undefined)
    return { status: 'mistakes', mistakes: [`there are both ${first} and ${second}; keep one of them`] };
  return readBudgets(path.join(folder, first), first);
}

async function readBudgets(file: string, shown: string): Promise<FoundBudgets> {
  let content: unknown;
  try {
    content = await contentOf(file);
  } catch (error) {
    const why = messageOf(error);
    return { status: 'mistakes', mistakes: [`--config: ${shown} cannot be read: ${why}`] };
  }
  const parsed = parseBudgets(content);
  if (parsed.status === 'invalid')
    return { status: 'mistakes', mistakes: parsed.mistakes.map((mistake) => `${shown}: ${mistake}`) };
  if (parsed.budgets.some(({ metric }) => metric === 'capacity'))
    return {
      status: 'mistakes',
      mistakes: [
        `${shown}: gate: capacity: compare measures at one rate and finds no capacity; take it out, or use "npm run bench -- --capacity"`,
      ],
    };
  return { status: 'found', budgets: parsed.budgets, origin: shown };
}

async function contentOf(file: string): Promise<unknown> {
  if (!file.endsWith('.ts')) return JSON.parse(await readFile(file, 'utf8'));
  const module: { default?: unknown } = await import(pathToFileURL(file).href);
  if (module.default === undefined) throw new Error('it has no default export');
  return module.default;
}
