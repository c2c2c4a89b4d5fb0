/** The gate's budgets: of `session-bench.config.json` in the repository, or of a file that is named. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from '../../experiment/repository.ts';
import { messageOf } from '../../infra/machine/errors.ts';
import { type Budget, parseBudgets } from '../../reports/gate/budgets.ts';
import { keysTwice } from './json-keys.ts';
import { good, mistaken, type Reading, textOrNone } from './reading.ts';

/**
 * p50 and CPU per request carry a gate on a small machine; tails at a fixed rate do not (docs/method.md). The commands that
 * a store is sent are counted, so that a round trip more shows where times drown in a machine's noise.
 */
export const defaultBudgets: readonly Budget[] = [
  { metric: 'read.p50', share: 0.05 },
  { metric: 'cpuPerRequest', share: 0.05 },
  { metric: 'storeCommandsPerRequest', share: 0.05 },
];

export interface Budgets {
  readonly budgets: readonly Budget[];
  /** Where they were read, for people. */
  readonly origin: string;
  /** Absolute path of the file that has them or would have them. */
  readonly file: string;
}

const FILE = 'session-bench.config.json';
/** That of this repository. */
export const budgetsFile = path.join(repository, FILE);

/** `--config`: a file of budgets; that of the repository, or the default budgets, where none is named. */
export const budgetsOption = {
  flags: '--config <FILE>',
  description: `budgets. Default: ${FILE} of this repository, else ${defaultBudgets.map(({ metric, share }) => `${metric} ${share * 100} %`).join(', ')}`,
  schema: textOrNone(async (named) => {
    if (named !== undefined) return await readBudgets(path.resolve(named), named);
    const isThere = await access(budgetsFile).then(
      () => true,
      () => false,
    );
    return isThere
      ? await readBudgets(budgetsFile, FILE)
      : good<Budgets>({ budgets: defaultBudgets, origin: 'built in', file: budgetsFile });
  }),
};

/** @param shown how messages name the file */
async function readBudgets(file: string, shown: string): Promise<Reading<Budgets>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return mistaken(`${shown} cannot be read: ${messageOf(error)}`);
  }
  const read = budgetsIn(text, shown);
  return read.status === 'ok' ? good({ budgets: read.value, origin: shown, file }) : read;
}

/** @param shown how messages name where the text is from */
export function budgetsIn(text: string, shown: string): Reading<readonly Budget[]> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return mistaken(`${shown} cannot be read: ${messageOf(error)}`);
  }
  const repeated = keysTwice(text);
  if (repeated.length > 0)
    return mistaken(...repeated.map((key) => `${shown}: "${key}" is given twice; keep one`));
  const parsed = parseBudgets(content);
  if (parsed.status === 'invalid')
    return mistaken(...parsed.mistakes.map((mistake) => `${shown}: ${mistake}`));
  if (parsed.budgets.some(({ metric }) => metric === 'capacity'))
    return mistaken(
      `${shown}: gate: capacity: compare measures at one rate and finds no capacity; take it out, or use "npm run bench -- --capacity"`,
    );
  return good(parsed.budgets);
}
