/** The environment variables that commands read, each with its check. docs/environment.md says what they are for. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { type ChosenLimits, readLimits, usualLimits } from '../../experiment/limits.ts';
import { RUN_LOCK } from '../../infra/machine/run-lock.ts';
import {
  type BudgetOverrides,
  type ImageOverrides,
  readBudgetOverrides,
  readImageOverrides,
} from '../../infra/runtimes/index.ts';
import { strategiesFolder } from '../../infra/strategies.ts';
import { good, mistaken, type Reading } from './reading.ts';

/** What the environment says to a command. */
export interface Environment {
  /** Folders that strategies are found in: our own, and those of stores that are kept outside this repository. */
  readonly strategyFolders: readonly string[];
  /** Images in place of the official ones. */
  readonly images: ImageOverrides;
  /** What containers may use, in place of the usual budgets. */
  readonly budgets: BudgetOverrides;
  /** Limits past which a trial is invalid. */
  readonly limits: ChosenLimits;
  /** Name of the lock that keeps two runs from measuring at once. */
  readonly runLock: string;
}
type Variables = Readonly<Record<string, string | undefined>>;

interface ReadEnvironment {
  /** Where a variable has a mistake, as if it were not set: so other mistakes are found too. */
  readonly environment: Environment;
  readonly mistakes: Readonly<Record<EnvironmentKey, readonly string[]>>;
}

/** What may have mistakes. */
export type EnvironmentKey = Exclude<keyof Environment, 'runLock'>;

/** A variable that is empty is as one that is not set. */
export function readEnvironment(variables: Variables = process.env): ReadEnvironment {
  const strategyFolders = from(variables, 'SESSION_BENCH_STRATEGIES', readFolders);
  const images = from(variables, 'SESSION_BENCH_IMAGES', (text) => readImageOverrides(listed(text, ',')));
  const budgets = from(variables, 'SESSION_BENCH_BUDGETS', readBudgetOverrides);
  const limits = readLimits(variables);
  return {
    environment: {
      strategyFolders: soundOr(strategyFolders, [strategiesFolder]),
      images: soundOr(images, new Map()),
      budgets: soundOr(budgets, {}),
      limits: soundOr(limits, usualLimits),
      runLock: variables.SESSION_BENCH_LOCK || RUN_LOCK,
    },
    mistakes: {
      strategyFolders: mistakesOf(strategyFolders),
      images: mistakesOf(images),
      budgets: mistakesOf(budgets),
      limits: mistakesOf(limits),
    },
  };
}

/** Every mistake names the variable. */
function from<Value>(
  variables: Variables,
  name: string,
  read: (text: string) => Reading<Value>,
): Reading<Value> {
  const reading = read(variables[name] ?? '');
  return reading.status === 'ok' ? reading : mistaken(...reading.mistakes.map((each) => `${name}: ${each}`));
}

const listed = (text: string, separator: string): readonly string[] =>
  text.split(separator).filter((each) => each.trim() !== '');

/** Our own folder, and those that are named, separated like PATH. */
function readFolders(text: string): Reading<readonly string[]> {
  const folders = listed(text, path.delimiter);
  const missing = folders.filter((each) => !statSync(each, { throwIfNoEntry: false })?.isDirectory());
  return missing.length === 0
    ? good([strategiesFolder, ...folders.map((each) => path.resolve(each))])
    : mistaken(...missing.map((each) => `there is no folder "${each}"; name folders that hold strategies`));
}

const soundOr = <Value>(reading: Reading<Value>, otherwise: Value): Value =>
  reading.status === 'ok' ? reading.value : otherwise;

const mistakesOf = (reading: Reading<unknown>): readonly string[] =>
  reading.status === 'ok' ? [] : reading.mistakes;
