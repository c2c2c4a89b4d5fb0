import { findingOf } from '../../record/reasons.ts';
import { listed } from '../words/format.ts';
import type { Check } from './check.ts';

const tiers = [
  { tier: 'app', words: 'of the apps' },
  { tier: 'store', words: 'of the servers' },
] as const;

/** Memory that a valid trial of a strategy could not read, though it read the CPU time. */
export const memoryUnknown: Check = ({ run, strategies }) =>
  strategies.flatMap(({ name, title }) => {
    const trials = run.trials.filter((trial) => trial.strategy === name);
    const unknown = tiers.filter(({ tier }) =>
      trials.some((trial) => trial.kind === 'valid' && trial.record.usage[tier]?.memoryBytes === null),
    );
    if (unknown.length === 0) return [];
    const whose = listed(unknown.map(({ words }) => words));
    return [findingOf('memory-unknown', `${title}: the memory ${whose} could not be read.`)];
  });
