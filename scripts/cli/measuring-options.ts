/** Options that commands which measure share: the same words, meanings and limits for all of them. */
import type { z } from 'zod';
import type { RateChoice } from '../../experiment/plan.ts';
import { MAX_SEED } from '../../experiment/random.ts';
import { defaultScenario, discoverScenarios, type Scenario } from '../../experiment/scenarios.ts';
import {
  type ImageOverrides,
  imageKinds,
  readImageOverrides,
  runtimeChoices,
} from '../../infra/runtimes/index.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { discoverStrategies } from '../../infra/strategies.ts';
import { isDefault, withVariants } from '../../infra/variants.ts';
import { MOST_BLOCKS } from '../../record/design.ts';
import type { OptionTable, OptionValues, Typed } from './command-spec.ts';
import type { Environment, EnvironmentKey } from './environment.ts';
import { good, mistaken, text, textsOrNone } from './reading.ts';
import { nameOf, unknownStrategy, usualInWords } from './strategy-words.ts';
import { unknownWord } from './suggest.ts';
import {
  choiceOf,
  decimalNumber,
  flag,
  named,
  oneOf,
  orElse,
  wholeNumber,
  writableFolder,
} from './values.ts';
import { idleOptions } from './without-effect.ts';

/** What commands which measure take from the environment. */
export const measuringEnvironment: readonly EnvironmentKey[] = [
  'strategyFolders',
  'images',
  'budgets',
  'limits',
];

/** What a command line can name. */
export interface Known {
  /** Without their variants, which they have as data. */
  readonly strategies: readonly Strategy[];
  readonly scenarios: readonly Scenario[];
  readonly environment: Environment;
}

export async function discover(environment: Environment): Promise<Known> {
  const [strategies, scenarios] = await Promise.all([
    discoverStrategies(environment.strategyFolders),
    discoverScenarios(),
  ]);
  return { strategies, scenarios, environment };
}

const scenarioName = ({ workload }: Scenario): string => workload.name;

/** Where and how to measure. */
export const machineOptions = ({ strategies, environment }: Known) =>
  ({
    runtime: {
      flags: '--runtime <NAME>',
      description:
        'docker: containers of official images; native: processes of this machine; auto: docker where an engine answers, else native. Default: auto',
      schema: orElse(oneOf('runtime', runtimeChoices), 'auto'),
    },
    images: {
      flags: '--image <KIND=IMAGE>',
      description: `run another image in Docker, such as redis=redis:7; may be repeated. Also SESSION_BENCH_IMAGES, separated by commas. Kinds: ${imageKinds(strategies).join(', ')}`,
      repeatable: true,
      schema: imageOverrides(imageKinds(strategies), environment.images),
    },
    seed: {
      flags: '--seed <N>',
      description: `seed of every random choice, 0 to ${MAX_SEED}. Default: a new one, printed`,
      schema: wholeNumber('a seed', 0, MAX_SEED).optional(),
    },
    dryRun: {
      flags: '--dry-run',
      description: 'print the plan and the time it will take, and start nothing',
      schema: flag,
    },
  }) satisfies OptionTable;

type MachineOptions = ReturnType<typeof machineOptions>;

/** Mistakes of the options of every measuring command that mean nothing together. */
export const machineMistakes = (
  typed: Typed<Pick<MachineOptions, 'images'>>,
  values: Partial<Pick<OptionValues<MachineOptions>, 'runtime' | 'dryRun' | 'images'>> & {
    readonly json?: boolean;
  },
  strategies: readonly Strategy[] | undefined,
): readonly string[] => {
  // Where an image is misspelt, that is the mistake.
  const images = typeof typed.images === 'object' && values.images ? typed.images : [];
  return idleOptions({ ...values, images, strategies });
};

/** Those of the command line go before those of the environment. */
const imageOverrides = (kinds: readonly string[], environment: ImageOverrides) =>
  textsOrNone<ImageOverrides>((typed = []) => {
    const read = readImageOverrides(typed);
    if (read.status === 'mistakes') return read;
    const overrides = new Map([...environment, ...read.value]);
    const unknown = unknownImages(overrides, kinds);
    return unknown.length === 0 ? good(overrides) : mistaken(...unknown);
  });

/** Mistakes of images that no service runs. */
export const unknownImages = (images: ImageOverrides, kinds: readonly string[]): readonly string[] =>
  [...images.keys()]
    .filter((kind) => !kinds.includes(kind))
    .map((kind) => unknownWord('kind of image', kind, kinds));

/** Which strategies are meant where none is named, in words and as they are. */
interface Usual {
  readonly words: string;
  readonly things: readonly Strategy[];
}

/** Those that nobody has to name. */
export const usualStrategies = ({ strategies }: Known): Usual => ({
  words: usualInWords(strategies),
  things: strategies.filter(isDefault),
});

/** @param action what becomes of the strategies: `measure` */
export const strategiesOption = ({ strategies }: Known, action: string, usual: Usual) => ({
  flags: '--strategy <NAME>',
  description: `${action} this strategy, or this variant of one; may be repeated. Default: ${usual.words}`,
  repeatable: true,
  schema: choiceOf(withVariants(strategies), usual.things, nameOf, (word) =>
    unknownStrategy(word, strategies),
  ),
});

/** @param usual the strategy that is taken where none is named */
export const strategyOption = ({ strategies }: Known, action: string, usual: string) => ({
  flags: '--strategy <NAME>',
  description: `${action} this strategy: ${withVariants(strategies).map(nameOf).join(', ')}. Default: ${usual}`,
  schema: orElse(
    named('strategy', withVariants(strategies), nameOf, (word) => unknownStrategy(word, strategies)),
    usual,
  ),
});

export const scenarioOption = ({ scenarios }: Known) => ({
  flags: '--scenario <NAME>',
  description: `the workload: ${scenarios.map(scenarioName).join(', ')}. Default: ${defaultScenario}`,
  schema: orElse(named('scenario', scenarios, scenarioName), defaultScenario),
});

const MAX_RATE = 200_000;
const wholeRate = wholeNumber('a rate in requests per second (or "auto")', 1, MAX_RATE);

const rate: z.ZodType<RateChoice> = text<RateChoice>(async (typed) => {
  if (typed === 'auto') return good({ mode: 'auto' });
  const parsed = await wholeRate.safeParseAsync(typed);
  return parsed.success
    ? good({ mode: 'given', value: parsed.data })
    : mistaken(...parsed.error.issues.map(({ message }) => message));
});

/** @param sharedBy for whom the rate is the same */
export const rateOption = (sharedBy: string) => ({
  flags: '--rate <N|auto>',
  description: `operations per second, the same for ${sharedBy}; auto finds one that is sustained with room. Default: auto`,
  schema: orElse(rate, 'auto'),
});

/** Measured seconds of a trial. */
export const seconds = decimalNumber('a duration in seconds', 1, 600);
export const blocks = wholeNumber('a number of blocks', 1, MOST_BLOCKS);

/** @param how what becomes of the folder: `in a new folder for each run` */
export const outOption = (how: string) => ({
  flags: '--out <DIR>',
  description: `folder that gets the results, ${how}. Default: results`,
  schema: orElse(writableFolder, 'results'),
});
