/** The bench command's options: what may be typed, and the plan that it comes to. */
import {
  type BenchWishes,
  blocksPlan,
  distancePlan,
  type Extent,
  faultsPlan,
  searchPlan,
  workloadOf,
} from '../../experiment/bench-plan.ts';
import { cannotHold } from '../../experiment/fit.ts';
import {
  FEWEST_SIZES,
  footprintMistakes,
  footprintPlan,
  MOST_PAYLOADS,
  MOST_SESSIONS,
  MOST_SIZES,
} from '../../experiment/footprint/plan.ts';
import type { BenchDesign, Plan } from '../../experiment/plan.ts';
import { defaultPreset, presets } from '../../experiment/presets.ts';
import { searchDefaults } from '../../experiment/search/outcome.ts';
import { defaultSlo, shortestTrial } from '../../experiment/search/plan.ts';
import { longestLimit, parseSlo, type Slo, sloSyntax } from '../../experiment/search/slo.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { counted } from '../../record/counted.ts';
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
  strategiesOption,
  usualStrategies,
} from '../cli/measuring-options.ts';
import { good, mistaken, text } from '../cli/reading.ts';
import { idleVariants, withTheirVariants } from '../cli/strategy-words.ts';
import { type Choice, decimalNumber, flag, named, orElse, wholeNumber, wholeNumbers } from '../cli/values.ts';
import { designMistakes, hasDesign } from './designs.ts';
import { distanceMistakes, distanceOption } from './distance-option.ts';
import { faultsMistakes, faultsOption } from './faults-option.ts';
import { tooFewMinutes } from './minutes.ts';

const whatToMeasure = (known: Known) =>
  ({
    strategies: strategiesOption(known, 'measure', usualStrategies(known)),
    variants: {
      flags: '--variants',
      description:
        'measure all variants of the chosen strategies beside them: other settings of their servers, durability most of all',
      schema: flag,
    },
    scenario: scenarioOption(known),
    preset: {
      flags: '--preset <NAME>',
      description: `how long and how often: ${presets.map(({ name }) => name).join(', ')}. Default: ${defaultPreset}`,
      schema: orElse(
        named('preset', presets, ({ name }) => name),
        defaultPreset,
      ),
    },
  }) satisfies OptionTable;

/** Two show whether sessions are shared. */
const FEWEST_APPS = 2;

/** By logging in: more take longer than anybody waits. */
const MOST_LOGGED_IN = 1_000_000;

const sizes = {
  rate: rateOption('every strategy'),
  duration: {
    flags: '--duration <S>',
    description: 'measured seconds of each trial, 1 to 600. Default: by preset',
    schema: seconds.optional(),
  },
  blocks: {
    flags: '--blocks <N>',
    description:
      'blocks; each holds one trial of every strategy, 1 to 100; with --distance, so many at each distance. Default: by preset',
    schema: blocks.optional(),
  },
  minutes: {
    flags: '--minutes <N>',
    description:
      'as many blocks as fit into so many minutes, at most 100, once servers are provisioned and k6 is built; 0.1 to 1440',
    schema: decimalNumber('a time in minutes', 0.1, 1440).optional(),
  },
  sessions: {
    flags: '--sessions <N>',
    description: `sessions alive, 100 to ${MOST_LOGGED_IN}; with --footprint several numbers, separated by commas, up to ${MOST_SESSIONS}. Default: by preset or scenario`,
    schema: wholeNumbers('a number of sessions', 100, MOST_SESSIONS).optional(),
  },
  payload: {
    flags: '--payload <BYTES>',
    description:
      'payload of each session, 0 to 65536; with --footprint also several, separated by commas. Default: by scenario; with --footprint by preset',
    schema: wholeNumbers('a payload in bytes', 0, 65_536).optional(),
  },
  apps: {
    flags: '--apps <N>',
    description:
      'app processes behind the balancer, 2 to 16: two show whether sessions are shared; with --capacity several numbers, separated by commas: a capacity with each. Default: 2',
    schema: orElse(wholeNumbers('a number of app processes', FEWEST_APPS, 16), String(FEWEST_APPS)),
  },
} satisfies OptionTable;

/** The generator gives an operation up after this time, in seconds; what takes longer is an error. */
const GIVEN_UP_AFTER = 5;
const FEWEST_TRIALS = 4;

/** A promise (SLO), or every mistake in it and how one is written. */
const slo = text<Slo>((typed) => {
  const parsed = parseSlo(typed);
  const mistakes = parsed.status === 'invalid' ? parsed.mistakes : tooLong(parsed.slo);
  if (parsed.status === 'valid' && mistakes.length === 0) return good(parsed.slo);
  return mistaken(...mistakes.slice(0, -1), `${mistakes.at(-1)}.\n    ${sloSyntax}`);
});

const tooLong = (promise: Slo): readonly string[] =>
  longestLimit(promise) > GIVEN_UP_AFTER
    ? [`an operation is given up after ${GIVEN_UP_AFTER} s; promise a latency of at most ${GIVEN_UP_AFTER} s`]
    : [];

const search = {
  capacity: {
    flags: '--capacity',
    description:
      'find for each strategy the highest rate that keeps the promise of --slo, instead of measuring all at one rate',
    schema: flag,
  },
  slo: {
    flags: '--slo <TEXT>',
    description: `the promise that --capacity holds each strategy to. Default: ${defaultSlo}`,
    schema: orElse(slo, defaultSlo),
  },
  trials: {
    flags: '--trials <N>',
    description: `trials that --capacity may take for each strategy, ${FEWEST_TRIALS} to ${searchDefaults.maxTrials}. Default: ${searchDefaults.maxTrials}`,
    schema: wholeNumber('a number of trials', FEWEST_TRIALS, searchDefaults.maxTrials).optional(),
  },
} satisfies OptionTable;

const footprint = {
  footprint: {
    flags: '--footprint',
    description:
      'weigh what sessions take in stores and apps, at growing numbers of them that nobody has to log in, instead of comparing speed',
    schema: flag,
  },
} satisfies OptionTable;

const output = {
  out: outOption('in a new folder for each run'),
  json: {
    flags: '--json',
    description: 'print the summary as JSON on stdout, and nothing else there',
    schema: flag,
  },
} satisfies OptionTable;

const optionsOf = (known: Known) =>
  ({
    ...whatToMeasure(known),
    ...sizes,
    ...search,
    ...footprint,
    distance: distanceOption,
    faults: faultsOption,
    ...machineOptions(known),
    ...output,
  }) satisfies OptionTable;

type Options = ReturnType<typeof optionsOf>;
export type BenchOptions = OptionValues<Options>;

/** What is measured: the strategies, with their variants where these were asked for. */
export const chosenStrategies = ({
  strategies,
  variants,
}: Pick<BenchOptions, 'strategies' | 'variants'>): Choice<Strategy> =>
  variants ? withTheirVariants(strategies) : strategies;

/** Undefined where a mistake in the options leaves it open. */
const chosenAmong = ({
  strategies,
  variants = false,
}: Partial<BenchOptions>): readonly Strategy[] | undefined =>
  strategies && chosenStrategies({ strategies, variants }).things;

const variantMistakes = ({ strategies, variants }: Partial<BenchOptions>): readonly string[] =>
  strategies && variants ? idleVariants(strategies) : [];

/** What the design makes of its options, and trials too short for the promise. */
function ownMistakes(typed: Typed<Options>, values: Partial<BenchOptions>): readonly string[] {
  const { faults, distance: distances, rate, blocks: each = values.preset?.passes } = values;
  const strategies = chosenAmong(values);
  return [
    ...machineMistakes(typed, values, strategies),
    ...designMistakes(typed),
    ...(faults ? faultsMistakes(faults, strategies) : []),
    ...(distances ? distanceMistakes({ distances, blocks: each, rate, strategies }) : []),
    ...(values.capacity ? tooShort(values.duration, values.slo) : []),
  ];
}

function tooShort(duration: number | undefined, promise: Slo | undefined): readonly string[] {
  if (duration === undefined || promise === undefined || duration >= shortestTrial(promise)) return [];
  return [
    `--duration ${duration}: trials that short cannot show whether "${promise.text}" is kept, since a queue that grows would not reach the limit. Give ${shortestTrial(promise)} s or more, or leave --duration out.`,
  ];
}

/** A time that not one block fits into, or that says twice how many there are. */
function minutesMistakes(typed: Typed<Options>, values: Partial<BenchOptions>): readonly string[] {
  if (typed.minutes === undefined || hasDesign(typed)) return [];
  if (typed.blocks !== undefined)
    return ['--minutes chooses the number of blocks, and --blocks gives it. Leave one out.'];
  const { minutes, preset, scenario, rate } = values;
  const apps = fewestOf(values.apps);
  const strategies = chosenAmong(values);
  if (
    isUnread(typed, values, 'sessions', 'payload', 'duration') ||
    minutes === undefined ||
    !preset ||
    !scenario ||
    !strategies ||
    !rate
  )
    return [];
  if (apps === undefined) return [];
  const { duration } = values;
  const sizes = { preset, scenario, ...populationOf(values), duration, apps, seed: 0 };
  return tooFewMinutes(minutes, { ...sizes, strategies }, rate);
}

/** Whether one of them was typed and is a mistake, which is told already. */
const isUnread = (
  typed: Typed<Options>,
  values: Partial<BenchOptions>,
  ...names: readonly (keyof Options)[]
): boolean => names.some((name) => typed[name] !== undefined && values[name] === undefined);

/** A population that a strategy cannot hold. It is judged when all that it depends on is known. */
function populationMistakes(typed: Typed<Options>, values: Partial<BenchOptions>): readonly string[] {
  const { preset, scenario } = values;
  const apps = fewestOf(values.apps);
  const strategies = chosenAmong(values);
  if (
    values.footprint ||
    isUnread(typed, values, 'sessions', 'payload') ||
    !preset ||
    !scenario ||
    !strategies ||
    apps === undefined
  )
    return [];
  const workload = workloadOf({ preset, scenario, ...populationOf(values) });
  return cannotHold({ strategies, apps, workload });
}

/** Where several numbers are asked for, the others stand in the design. */
const fewestOf = (apps: readonly number[] | undefined): number | undefined =>
  apps?.toSorted((a, b) => a - b)[0];

/** Of a bench that logs its sessions in: one number and one payload. */
const populationOf = ({
  sessions,
  payload,
}: Partial<Pick<BenchOptions, 'sessions' | 'payload'>>): Pick<BenchWishes, 'sessions' | 'payload'> => ({
  sessions: sessions?.[0],
  payload: payload?.[0],
});

/** Several numbers where one is meant, and more sessions than can be logged in. */
function severalMistakes(values: Partial<BenchOptions>): readonly string[] {
  const ofApps =
    (values.apps?.length ?? 0) > 1 && !values.capacity
      ? ['--apps takes several numbers with --capacity alone. Give one, or add --capacity.']
      : [];
  if (values.footprint) return ofApps;
  const [most = 0] = values.sessions?.toSorted((a, b) => b - a) ?? [];
  return [
    ...ofApps,
    ...(['sessions', 'payload'] as const)
      .filter((name) => (values[name]?.length ?? 0) > 1)
      .map((name) => `--${name} takes several numbers with --footprint alone. Give one, or add --footprint.`),
    ...(most > MOST_LOGGED_IN
      ? [
          `--sessions ${most}: at most ${MOST_LOGGED_IN} are logged in. Give fewer, or add --footprint, which needs nobody to log in.`,
        ]
      : []),
  ];
}

/** Sizes that are too few or too many, and those that have no room. */
function footprintMistakesOf(typed: Typed<Options>, values: Partial<BenchOptions>): readonly string[] {
  if (!values.footprint) return [];
  const { preset, sessions: sizes, payload: payloads } = values;
  const apps = fewestOf(values.apps);
  const strategies = chosenAmong(values);
  const lengths = [
    ...lengthMistake('sessions', sizes, FEWEST_SIZES, MOST_SIZES),
    ...lengthMistake('payload', payloads, 1, MOST_PAYLOADS),
  ];
  const unread = isUnread(typed, values, 'sessions', 'payload') || lengths.length > 0;
  if (unread || !preset || !strategies || apps === undefined) return lengths;
  return footprintMistakes({ preset, sizes, payloads, strategies, apps });
}

function lengthMistake(
  name: 'sessions' | 'payload',
  numbers: readonly number[] | undefined,
  fewest: number,
  most: number,
): readonly string[] {
  if (numbers === undefined || (numbers.length >= fewest && numbers.length <= most)) return [];
  return [
    `--${name} has ${counted(numbers.length, 'number')}; with --footprint give ${fewest} to ${most} different ones, such as ${name === 'sessions' ? '1000,10000,100000' : '200,1700'}.`,
  ];
}

export const benchSpec = (known: Known) =>
  commandSpec({
    usage: 'npm run bench --',
    summary: 'Measures session strategies on identical work, checks every answer, and writes a report.',
    options: optionsOf(known),
    environment: measuringEnvironment,
    check: (typed, values) => [
      ...variantMistakes(values),
      ...ownMistakes(typed, values),
      ...minutesMistakes(typed, values),
      ...severalMistakes(values),
      ...populationMistakes(typed, values),
      ...footprintMistakesOf(typed, values),
    ],
    examples: [
      'npm run bench                                         all strategies, quick',
      'npm run bench -- --preset smoke                       does everything work here?',
      'npm run bench -- --strategy redis --strategy sticky   these two only',
      'npm run bench -- --strategy redis --variants          Redis, and what each way to persist costs',
      'npm run bench -- --preset standard --seed 7           12 blocks; the same orders and draws again',
      'npm run bench -- --minutes 10                         as many blocks as fit into ten minutes',
      'npm run bench -- --rate 2000 --scenario login-storm   a rate of your own',
      'npm run bench -- --capacity --slo "p99<50ms,errors<0.1%"   the highest rate that keeps this promise',
      'npm run bench -- --capacity --apps 2,4,8 --strategy redis  the same with two, four and eight apps',
      'npm run bench -- --footprint --sessions 1000,10000,100000  what sessions take in stores and apps',
      'npm run bench -- --distance                            how many round trips each operation waits for',
      'npm run bench -- --faults                              kill, restart and freeze servers: who keeps the sessions?',
      'npm run bench -- --faults store-kill --strategy redis --variants   one fault, and each way to persist',
      'npm run bench -- --dry-run                            what would be done, and how long it takes',
    ],
    after: [
      'Exit codes: 0 all valid and every answer right; 1 wrong answers, or a failed strategy (too many requests without',
      'a right answer); 2 a strategy without a valid trial, or, with --capacity, without a rate that keeps the promise;',
      'with --faults 1 where a strategy lost more than it should on paper, 2 where of a fault nothing is known;',
      '64 bad usage; 69 nothing can run here; 70 internal fault; 74 results could not be written;',
      '75 another run is measuring here; 130 interrupted.',
    ].join('\n'),
  });

/**
 * What the options come to.
 * @param able those of the chosen strategies that can run here
 */
export function planOf(
  options: BenchOptions,
  able: readonly Strategy[] = chosenStrategies(options).things,
): Plan<BenchDesign> {
  const { capacity, slo: promise, trials, rate, distance, faults, blocks: passes } = options;
  const strategies = chosenStrategies(options).things;
  const [apps = FEWEST_APPS, ...moreApps] = options.apps.toSorted((a, b) => a - b);
  if (options.footprint)
    return footprintPlan({
      ...options,
      strategies,
      apps,
      sizes: options.sessions,
      payloads: options.payload,
      readRate: rate.mode === 'given' ? rate.value : undefined,
    });
  const wishes = { ...options, ...populationOf(options), strategies, apps };
  if (distance) return distancePlan(wishes, { addedMs: distance, passes, rate });
  if (faults) return faultsPlan(wishes, { faults, rate });
  return capacity
    ? searchPlan(wishes, { slo: promise, maxTrials: trials, moreApps })
    : blocksPlan(wishes, { extent: extentOf(options, able), rate });
}

function extentOf({ blocks: chosen, minutes }: BenchOptions, able: readonly Strategy[]): Extent {
  if (minutes !== undefined) return { by: 'minutes', minutes, able };
  return chosen === undefined ? { by: 'preset' } : { by: 'blocks', blocks: chosen };
}
