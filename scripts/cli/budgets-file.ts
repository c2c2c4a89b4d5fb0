/** The gate's budgets: of `session-bench.config.json` in the repository, or of a file that is named. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from '../../experiment/repository.ts';
import { messageOf } from '../../infra/machine/errors.ts';
import { type Budget, parseBudgets } from '../../reports/gate/budgets.ts';
import { good, mistaken, type Reading, textOrNone } from './reading.ts';

/**
 * p50 and CPU per request carry a gate on a small machine; tails at a fixed rate do not (docs/method.md). The commands that
 * a store is sent are counted, so that a round trip more shows where times drown in a machine's noise.
 */
const defaultBudgets: readonly Budget[] = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
  { metric: 'storeCommandsPerRequest', share: 0.05 },
];

export interface Budgets {
  readonly budgets: readonly Budget[];
  /** Where they were read, for people. */
  readonly origin: string;
}

const FILE = 'session-bench.config.json';

/** `--config`: a file of budgets; that of the repository, or the default budgets, where none is named. */
export const budgetsOption = {
  flags: '--config <FILE>',
  description: `budgets. Default: ${FILE} of this repository, else ${defaultBudgets.map(({ metric, share }) => `${metric} ${share * 100} %`).join(', ')}`,
  schema: textOrNone(async (named) => {
    if (named !== undefined) return await readBudgets(path.resolve(named), named);
    const file = path.join(repository, FILE);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    return isThere
      ? await readBudgets(file, FILE)
      : good<Budgets>({ budgets: defaultBudgets, origin: 'built in' });
  }),
};

/** @param shown how messages name the file */
async function readBudgets(file: string, shown: string): Promise<Reading<Budgets>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    return mistaken(`${shown} cannot be read: ${messageOf(error)}`);
  }
  const parsed = parseBudgets(content);
  if (parsed.status === 'invalid')
    return mistaken(...parsed.mistakes.map((mistake) => `${shown}: ${mistake}`));
  if (parsed.budgets.some(({ metric }) => metric === 'capacity'))
    return mistaken(
      `${shown}: gate: capacity: compare measures at one rate and finds no capacity; take it out, or use "npm run bench -- --capacity"`,
    );
  return good({ budgets: parsed.budgets, origin: shown });
}
