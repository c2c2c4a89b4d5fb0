import path from 'node:path';
import { strategiesFolder } from '../infra/strategies.ts';

/**
 * Folders that strategies are found in: our own, and those that SESSION_BENCH_STRATEGIES names (separated like PATH),
 * for stores that are kept outside this repository.
 */
export function strategyFolders(): readonly string[] {
  const others = (process.env.SESSION_BENCH_STRATEGIES ?? '')
    .split(path.delimiter)
    .filter((each) => each !== '');
  return [strategiesFolder, ...others.map((each) => path.resolve(each))];
}
