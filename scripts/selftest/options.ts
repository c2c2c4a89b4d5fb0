/** The self-test's options: what may be typed, and what it means. */

import { cannotHold } from '../../experiment/fit.ts';
import { selftestPopulation } from '../../experiment/selftest/plan.ts';
import { slowKinds } from '../../record/selftest.ts';
import { otherQuestion } from '../../reports/selftest/added.ts';
import { budgetsOption } from '../cli/budgets-file.ts';
import { commandSpec, type OptionTable, type OptionValues, type Typed } from '../cli/command-spec.ts';
import {
  blocks,
  type Known,
  machineMistakes,
  machineOptions,
  measuringEnvironment,
  outOption,
  rateOption,
  scenarioOption,
  seconds,
  strategyOption,
} from '../cli/measuring-options.ts';
import { good, mistaken, text } from '../cli/reading.ts';
import { flag, oneOf, orElse, wholeNumber } from '../cli/values.ts';
import { earlierSelftests } from './earlier.ts';

const defaultStrategy = 'redis';
const defaultSlowdowns = '2,5,10,20';
const slowChoices = [...slowKinds, 'both'] as const;

/** Shares of a list of percentages such as `2,5,20`; each once, the smallest first. */
const slowdowns = text<readonly number[]>((typed) => {
  if (typed === 'none') return good([]);
  const words = typed.split(',').map((each) => each.trim());
  const percents = words.map((word) => (/^\d{1,3}(\.\d{1,2})?$/.test(word) ? Number(word) : Number.NaN));
  if (percents.every((each) => each > 0 && each <= 500))
    return good([...new Set(percents)].sort((a, b) => a - b).map((each) => each / 100));
  return mistaken(
    `"${typed}" is no list of slowdowns; give percentages above 0 and up to 500, for example ${defaultSlowdowns}, or none`,
  );
});

const sizes = {
  comparisons: {
    flags: '--comparisons <N>',
    description: 'A/A comparisons, 1 to 1000. Default: 30',
    schema: orElse(wholeNumber('a number of comparisons', 1, 1000), '30'),
  },
  slowdowns: {
    flags: '--slowdowns <LIST>',
    description: `what to add to candidates, in per cent, or none. Default: ${defaultSlowdowns}`,
    schema: orElse(slowdowns, defaultSlowdowns),
  },
  slow: {
    flags: '--slow <cpu|latency|both>',
    description:
      'what candidates are made slower in: CPU time of each request, waiting at each call of the store (shares of the median read), or each of both in comparisons of its own. Default: both',
    schema: orElse(oneOf('choice', slowChoices), 'both').transform((typed) =>
      typed === 'both' ? slowKinds : [typed],
    ),
  },
  slowed: {
    flags: '--slowed <N>',
    description: 'comparisons for each slowdown, at most as many as --comparisons. Default: 5',
    schema: orElse(wholeNumber('a number of comparisons', 1, 1000), '5'),
  },
  blocks: {
    flags: '--blocks <N>',
    description: 'pairs of trials in each comparison, 1 to 100. Default: 20',
    schema: orElse(blocks, '20'),
  },
  duration: {
    flags: '--duration <S>',
    description: 'measured seconds of each trial, 1 to 600. Default: 1.2',
    schema: orElse(seconds, '1.2'),
  },
  rate: rateOption('all sides'),
} satisfies OptionTable;

const optionsOf = (known: Known) =>
  ({
    strategy: strategyOption(known, 'test with', defaultStrategy),
    scenario: scenarioOption(known),
    ...sizes,
    ...machineOptions(known),
    config: budgetsOption,
    add: {
      flags: '--add <SELFTEST>',
      description:
        'count the comparisons of this earlier self-test too, by its id or folder; may be repeated. Those of the same commit and machine under --out are counted without it',
      repeatable: true,
      schema: earlierSelftests,
    },
    out: outOption('in a new folder for each self-test'),
    json: {
      flags: '--json',
      description: 'print selftest.json on stdout, and nothing else there',
      schema: flag,
    },
  }) satisfies OptionTable;

type Options = ReturnType<typeof optionsOf>;
export type SelftestOptions = OptionValues<Options>;

/** Options that mean nothing together. */
function mistakesTogether(typed: Typed<Options>, values: Partial<SelftestOptions>): readonly string[] {
  const { strategy, scenario, slowdowns: shares, slowed, comparisons } = values;
  const ofMachine = [
    ...machineMistakes(typed, values, strategy && [strategy]),
    ...(strategy && scenario ? cannotHold(selftestPopulation({ strategy, scenario }), 'scenario') : []),
    ...otherQuestions(values),
    ...(typed.slow !== undefined && shares?.length === 0
      ? ['--slow says nothing with --slowdowns none. Leave one out.']
      : []),
  ];
  if (typed.slowed === undefined || slowed === undefined) return ofMachine;
  if (shares?.length === 0)
    return [...ofMachine, '--slowed says nothing with --slowdowns none. Leave one out.'];
  if (comparisons !== undefined && slowed > comparisons)
    return [
      ...ofMachine,
      `--slowed ${slowed} is more than --comparisons ${comparisons}, of which they are a part. Give at most ${comparisons}.`,
    ];
  return ofMachine;
}

/** Self-tests of something else have no place in one table. */
function otherQuestions(values: Partial<SelftestOptions>): readonly string[] {
  const { add, strategy, scenario, blocks: pairs, duration, config } = values;
  if (!add || !strategy || !scenario || pairs === undefined || duration === undefined || !config) return [];
  const question = {
    strategy: strategy.name,
    scenario: scenario.workload.name,
    blocks: pairs,
    measureSeconds: duration,
    budgets: [...config.budgets],
  };
  return add.flatMap(({ record }) => {
    const differences = otherQuestion(question, record);
    if (differences.length === 0) return [];
    return [
      `--add: the self-test ${record.id} differs from this one in its ${differences.join(', ')}, so that their counts make no sum. Give the options that it had, or leave it out.`,
    ];
  });
}

export const selftestSpec = (known: Known) =>
  commandSpec({
    usage: 'npm run selftest --',
    summary:
      'Tests the gate itself: compares a strategy with itself, and with itself made slower by a known amount, and says how often each verdict came.',
    options: optionsOf(known),
    environment: measuringEnvironment,
    check: mistakesTogether,
    examples: [
      'npm run selftest                                   30 A/A comparisons, and 5 of each slowdown',
      'npm run selftest -- --slowdowns 20                 30 A/A comparisons, and 5 with 20 % more CPU time',
      'npm run selftest -- --comparisons 3 --slowed 1     a quick look; the table counts earlier ones of the same code',
      'npm run selftest -- --slow latency --slowdowns 10  a store that answers later',
      'npm run selftest -- --dry-run                      how long it takes',
    ],
    after: [
      'Exit codes, of this self-test alone: 0 no false alarm, and every slowdown of at least four budgets was',
      'found; 1 otherwise;',
      '2 a comparison could not be judged; 64 bad usage; 69 nothing can run here; 70 internal fault;',
      '74 results could not be written; 75 another run is measuring here; 130 interrupted.',
    ].join('\n'),
  });
