/** The self-test's options: what may be typed, and what it means. */
import { z } from 'zod';
import { defaultScenario, type Scenario } from '../../experiment/scenarios.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import {
  type CommandSpec,
  decimalNumber,
  flag,
  type OptionSpec,
  type OptionValues,
  wholeNumber,
} from '../cli/arguments.ts';
import { measuringOptions, named, orElse, rate } from '../cli/measuring-options.ts';

const defaultStrategy = 'redis';
const defaultSlowdowns = '2,5,10,20';

/** Shares of a list of percentages such as `2,5,20`; each once, the smallest first. */
const slowdowns: z.ZodType<readonly number[]> = z.unknown().transform((raw, context): readonly number[] => {
  if (raw === 'none') return [];
  const words = String(raw)
    .split(',')
    .map((each) => each.trim());
  const percents = words.map((word) => (/^\d{1,3}(\.\d{1,2})?$/.test(word) ? Number(word) : Number.NaN));
  if (percents.every((each) => each > 0 && each <= 500))
    return [...new Set(percents)].sort((a, b) => a - b).map((each) => each / 100);
  context.addIssue({
    code: 'custom',
    message: `"${String(raw)}" is no list of slowdowns; give percentages above 0 and up to 500, for example ${defaultSlowdowns}, or none`,
  });
  return z.NEVER;
});

export function selftestSpec(strategies: readonly Strategy[], scenarios: readonly Scenario[]) {
  const options = {
    strategy: {
      flags: '--strategy <NAME>',
      description: `test with this strategy: ${strategies.map(({ name }) => name).join(', ')}. Default: ${defaultStrategy}`,
      schema: orElse(
        named('strategy', strategies, ({ name }) => name),
        defaultStrategy,
      ),
    },
    scenario: {
      flags: '--scenario <NAME>',
      description: `the workload: ${scenarios.map((each) => each.workload.name).join(', ')}. Default: ${defaultScenario}`,
      schema: orElse(
        named('scenario', scenarios, (each) => each.workload.name),
        defaultScenario,
      ),
    },
    comparisons: {
      flags: '--comparisons <N>',
      description: 'A/A comparisons, 1 to 1000. Default: 30',
      schema: orElse(wholeNumber('a number of comparisons', 1, 1000), '30'),
    },
    slowdowns: {
      flags: '--slowdowns <LIST>',
      description: `CPU time to add to each request, in per cent, or none. Default: ${defaultSlowdowns}`,
      schema: orElse(slowdowns, defaultSlowdowns),
    },
    slowed: {
      flags: '--slowed <N>',
      description: 'comparisons for each slowdown, at most as many as --comparisons. Default: 5',
      schema: orElse(wholeNumber('a number of comparisons', 1, 1000), '5'),
    },
    blocks: {
      flags: '--blocks <N>',
      description: 'pairs of trials in each comparison, 1 to 100. Default: 20',
      schema: orElse(wholeNumber('a number of blocks', 1, 100), '20'),
    },
    duration: {
      flags: '--duration <S>',
      description: 'measured seconds of each trial, 1 to 600. Default: 1.2',
      schema: orElse(decimalNumber('a duration in seconds', 1, 600), '1.2'),
    },
    rate: {
      flags: '--rate <N|auto>',
      description:
        'operations per second; auto finds one that the strategy sustains with room. Default: auto',
      schema: orElse(rate, 'auto'),
    },
    ...measuringOptions(strategies),
    config: {
      flags: '--config <FILE>',
      description: 'budgets, as for compare',
      schema: z.string().min(1, 'name a file').optional(),
    },
    out: {
      flags: '--out <DIR>',
      description: 'folder that gets the results, in a new folder for each self-test. Default: results',
      schema: z.string().min(1, 'give a folder').default('results'),
    },
    json: {
      flags: '--json',
      description: 'print selftest.json on stdout, and nothing else there',
      schema: flag,
    },
  } satisfies Readonly<Record<string, OptionSpec>>;

  return {
    usage: 'npm run selftest --',
    summary:
      'Tests the gate itself: compares a strategy with itself, and with itself made slower by a known amount, and tells how often each verdict came.',
    options,
    examples: [
      'npm run selftest                                   30 A/A comparisons, and 5 of each slowdown',
      'npm run selftest -- --slowdowns 20                 30 A/A comparisons, and 5 with 20 % more CPU time',
      'npm run selftest -- --comparisons 3 --slowed 1     a quick look',
      'npm run selftest -- --dry-run                      how long it takes',
    ],
    after: [
      'Exit codes: 0 no false alarm, and every slowdown of at least four budgets was found; 1 otherwise;',
      '2 a comparison could not be judged; 64 bad usage; 69 nothing can run here; 70 internal fault;',
      '74 results could not be written; 75 another run is measuring here; 130 interrupted.',
    ].join('\n'),
  } satisfies CommandSpec<typeof options>;
}

export type SelftestOptions = OptionValues<ReturnType<typeof selftestSpec>['options']>;
