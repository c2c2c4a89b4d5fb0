/** The compare command's options: what may be typed, and what it means. */
import { cannotHold } from '../../experiment/fit.ts';
import { compareDefaults, comparedPopulation } from '../../experiment/sides/plan.ts';
import { findReference, type Reference } from '../../experiment/sides/reference.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { baseName } from '../../infra/variants.ts';
import { budgetsOption } from '../cli/budgets-file.ts';
import { commandSpec, type OptionTable, type OptionValues, type Typed } from '../cli/command-spec.ts';
import {
  blocks,
  type Known,
  machineMistakes,
  machineOptions,
  measuringEnvironment,
  rateOption,
  scenarioOption,
  seconds,
  strategiesOption,
  usualStrategies,
} from '../cli/measuring-options.ts';
import { good, mistaken, text } from '../cli/reading.ts';
import { storedRuns } from '../cli/stored-runs.ts';
import { flag, oneOf, orElse, writableFolder } from '../cli/values.ts';

const reference = text(async (ref) => {
  if (ref === '') return mistaken('name a commit, a branch or a tag');
  const found = await findReference(ref);
  return found.status === 'found' ? good(found.reference) : mistaken(found.mistake);
});

const howToMeasure = (known: Known) =>
  ({
    against: {
      flags: '--against <REF>',
      description: 'measure this git ref and the working tree, both at once; the ref is the baseline',
      schema: reference.optional(),
    },
    strategies: strategiesOption(known, 'compare', {
      ...usualStrategies(known),
      words: 'those that bench takes, as far as both sides have them',
    }),
    scenario: scenarioOption(known),
    blocks: {
      flags: '--blocks <N>',
      description: `blocks; each holds one trial of each side, 1 to 100. The plan (--dry-run) says what so many can find. Default: ${compareDefaults.blocks}`,
      schema: blocks.optional(),
    },
    duration: {
      flags: '--duration <S>',
      description: `measured seconds of each trial, 1 to 600. Default: ${compareDefaults.measureSeconds}`,
      schema: seconds.optional(),
    },
    rate: rateOption('each of both sides, which are driven at once'),
    ...machineOptions(known),
  }) satisfies OptionTable;

const howToJudge = {
  config: budgetsOption,
  inconclusive: {
    flags: '--inconclusive <fail|pass>',
    description: 'whether an inconclusive end is a failure (3) or not (0). Default: fail',
    schema: orElse(oneOf('choice', ['fail', 'pass']), 'fail'),
  },
  out: {
    flags: '--out <DIR>',
    description:
      'with --against: folder that gets the run, by default results; else: folder that gets the files, by default the later run’s',
    schema: writableFolder.optional(),
  },
  json: {
    flags: '--json',
    description: 'print comparison.json on stdout, and nothing else there',
    schema: flag,
  },
} satisfies OptionTable;

const optionsOf = (known: Known) => ({ ...howToMeasure(known), ...howToJudge }) satisfies OptionTable;
type Options = ReturnType<typeof optionsOf>;
export type CompareOptions = OptionValues<Options>;

function mistakesTogether(
  typed: Typed<Options>,
  values: Partial<CompareOptions>,
  operands: readonly string[],
): readonly string[] {
  const { against, strategies } = values;
  if (typed.against === undefined)
    return [
      ...(operands.length === 0 ? [nothingToCompare] : []),
      ...(operands.length === 1 && typed.strategies !== undefined ? [oneRunIsWhole] : []),
      ...measuringMistakes(typed),
    ];
  const named = operands.map((each) => `"${each}"`).join(' and ');
  const both = `--against measures, and ${named} would be compared as stored: do one or the other`;
  return [
    ...(operands.length > 0 ? [both] : []),
    ...machineMistakes(typed, values, strategies?.things),
    ...missingStrategies(against, strategies),
    ...populationMistakes(values),
  ];
}

const oneRunIsWhole =
  '--strategy chooses among two stored runs, and one run of compare is judged whole; leave it out';

const nothingToCompare = 'say what to compare: --against and a git ref, or two stored runs';

/** Options that say how to measure, given where nothing is measured. */
function measuringMistakes(typed: Typed<Options>): readonly string[] {
  const names = {
    scenario: '--scenario',
    blocks: '--blocks',
    duration: '--duration',
    rate: '--rate',
    seed: '--seed',
    runtime: '--runtime',
    images: '--image',
    dryRun: '--dry-run',
  } as const satisfies Partial<Record<keyof Options, string>>;
  return Object.entries(names)
    .filter(([key]) => key in typed)
    .map(([, name]) => `${name} says how to measure, and stored runs are not measured again; leave it out`);
}

/** A population that a strategy cannot hold. It is judged when all that it depends on is known. */
function populationMistakes({ against, scenario, strategies }: Partial<CompareOptions>): readonly string[] {
  if (!against || !scenario || !strategies) return [];
  const onBothSides = strategies.things.filter((each) => mayHave(against, each));
  return cannotHold(comparedPopulation(scenario, onBothSides), 'scenario');
}

/** By its folder: which variants a ref has shows once it is unpacked. */
export const mayHave = ({ strategies }: Reference, { name }: Strategy): boolean =>
  strategies.includes(baseName(name));

/** A strategy that was named must be on both sides. */
function missingStrategies(
  against: CompareOptions['against'],
  strategies: CompareOptions['strategies'] | undefined,
): readonly string[] {
  if (!against || !strategies) return [];
  const isThere = (strategy: Strategy) => mayHave(against, strategy);
  if (strategies.named)
    return strategies.things
      .filter((each) => !isThere(each))
      .map(
        ({ name }) =>
          `--strategy: "${against.label}" has no strategy ${baseName(name)}, so there is nothing to compare with. It has: ${against.strategies.join(', ') || 'none'}.`,
      );
  return strategies.things.some(isThere)
    ? []
    : [`--against: "${against.label}" has none of the strategies that the working tree has.`];
}

export const compareSpec = (known: Known) =>
  commandSpec({
    usage: 'npm run compare --',
    summary:
      'Says whether the working tree is slower than a git ref, by measuring both at the same time; or compares two stored runs.',
    operands: { usage: 'RUN_A RUN_B', most: 2, schema: storedRuns },
    options: optionsOf(known),
    environment: measuringEnvironment,
    check: mistakesTogether,
    examples: [
      'npm run compare -- --against main --strategy redis       the gate: both sides at once',
      'npm run compare -- --against HEAD --strategy redis       an A/A comparison: changes that are in no commit',
      'npm run compare -- 20261120-093000-1a2b 20261121-…       two stored runs; the first is the baseline',
      'npm run compare -- results/latest                        judges a run of compare again',
      'npm run compare -- --against main --dry-run              what would be done, and how long it takes',
    ],
    after: [
      'Exit codes: 0 no regression; 1 a regression; 2 something could not be judged; 3 inconclusive;',
      '64 bad usage; 69 nothing can run here; 70 internal fault; 74 results could not be written;',
      '75 another run is measuring here; 130 interrupted.',
      'Files: comparison.json, .html, .md (for a job summary) and .junit.xml in the folder of the run.',
    ].join('\n'),
  });
