/**
 * What comparing all pairs by the studentized range does with whole runs, by simulation: how often a run of equal strategies
 * is called different anywhere, and how often one that differs is told apart from all others.
 *
 *   node reports/research/simulate-all-pairs.ts [--runs N] [--seed N] [--level SHARE] [--strategies 2,7]
 *
 * prints Markdown
 */
import { parseArgs } from 'node:util';
import { reportRule } from '../facts/comparisons.ts';
import { clopperPearson } from '../statistics/distributions/beta.ts';
import type { Observation } from '../statistics/paired.ts';
import { type Random, seededRandom } from '../statistics/random.ts';
import { AllPairs } from '../statistics/tukey.ts';
import { percent, table, withInterval } from './markdown.ts';

/** Metrics of a run that are judged together; the last is a tail, with the noise that read p99 was measured to have. */
const metrics = 4;
const tailSpread = 0.73;
const floor = Math.log1p(0.05);

export const noises = {
  normal: 'normal',
  t3: 't, 3 df',
  outliers: '8 % outliers',
  unequal: 'SD 4x apart',
  missing: '10 % missing',
  drift: 'drifting',
} as const;
export type Noise = keyof typeof noises;

export interface Setting {
  readonly strategies: number;
  readonly blocks: number;
  /** Standard deviation of the paired log ratio of two strategies on every metric but the tail. */
  readonly spread: number;
  readonly noise: Noise;
}

/** Standard deviation 1, but for outliers, which come on top. */
function draw(noise: Noise, random: Random, strategy: number, strategies: number): number {
  switch (noise) {
    case 't3': {
      const squares = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
      return random.normal() / Math.sqrt(squares);
    }
    case 'outliers': {
      const usual = random.normal();
      return random.uniform() < 0.08 ? usual + Math.abs(6 * random.normal()) : usual;
    }
    case 'unequal':
      return random.normal() * (0.5 + (1.5 * strategy) / Math.max(1, strategies - 1));
    default:
      return random.normal();
  }
}

type Shape = Omit<Setting, 'spread'>;

/** With a spread of 1. */
function trialsOf({ strategies, blocks, noise }: Shape, random: Random) {
  return Array.from({ length: strategies }, (_, strategy): Observation[] => {
    // Half of the pair's variance is each strategy's own; where it drifts, by as much again from the first block to the last.
    const own = Math.SQRT1_2;
    const slope = noise === 'drift' ? 2 * own * random.normal() : 0;
    return Array.from({ length: blocks }, (_, block) => {
      const drift = slope * (blocks === 1 ? 0 : block / (blocks - 1) - 0.5);
      const lost = noise === 'missing' && random.uniform() < 0.1;
      const value = Math.exp(drift + own * draw(noise, random, strategy, strategies));
      return { block, value: lost ? null : value };
    });
  });
}

interface Pair {
  readonly estimate: number;
  readonly half: number;
  /** Its candidate is the last strategy, which may differ. */
  readonly withLast: boolean;
}

function pairsOf(shape: Shape, level: number, random: Random): readonly Pair[] {
  const all = new AllPairs(trialsOf(shape, random), level);
  const found: Pair[] = [];
  for (let baseline = 0; baseline < shape.strategies; baseline += 1)
    for (let candidate = baseline + 1; candidate < shape.strategies; candidate += 1) {
      const pair = all.between(baseline, candidate);
      if (pair !== null) found.push({ ...pair, withLast: candidate === shape.strategies - 1 });
    }
  return found;
}

export interface Cell {
  /** Standard deviation of the paired log ratio of two strategies on every metric but the tail. */
  readonly spread: number;
  /** How much larger the last strategy's values are on these, as a share. */
  readonly effect: number;
}

export interface Outcome {
  /** Runs in which a pair without a difference was called DIFFERENT on any metric. */
  readonly falseAlarms: number;
  /** Share of the pairs with a difference that were called DIFFERENT in its direction. */
  readonly found: number;
}

/**
 * One outcome for each cell, of the same noise: a larger spread is the same noise times as large, and an effect moves the
 * estimates of its pairs, and nothing else.
 */
export function simulateCells(
  shape: Shape,
  cells: readonly Cell[],
  level: number,
  runs: number,
  seed: number,
): readonly Outcome[] {
  const random = seededRandom(seed);
  const counts = cells.map((cell) => ({ cell, falseAlarms: 0, found: 0 }));
  for (let run = 0; run < runs; run += 1) {
    const drawn = Array.from({ length: metrics }, () => pairsOf(shape, level / metrics, random));
    for (const count of counts) {
      const { falseAlarm, found } = outcomeOf(drawn, count.cell);
      count.found += found;
      if (falseAlarm) count.falseAlarms += 1;
    }
  }
  const differing = runs * (metrics - 1) * Math.max(1, shape.strategies - 1);
  return counts.map(({ falseAlarms, found }) => ({ falseAlarms, found: found / differing }));
}

function outcomeOf(drawn: readonly (readonly Pair[])[], { spread, effect }: Cell) {
  let [falseAlarm, found] = [false, 0];
  for (const [metric, pairs] of drawn.entries()) {
    const tail = metric === metrics - 1;
    const scale = tail ? tailSpread : spread;
    for (const { estimate, half, withLast } of pairs) {
      const differs = withLast && effect !== 0 && !tail;
      const seen = estimate * scale + (differs ? Math.log1p(effect) : 0);
      if (Math.abs(seen) - half * scale <= floor) continue;
      if (differs && seen > 0) found += 1;
      else falseAlarm = true;
    }
  }
  return { falseAlarm, found };
}

export function simulate(
  { spread, ...shape }: Setting,
  effect: number,
  level: number,
  runs: number,
  seed: number,
): Outcome {
  const [outcome] = simulateCells(shape, [{ spread, effect }], level, runs, seed);
  return outcome ?? { falseAlarms: 0, found: 0 };
}

const share = (value: number): string => value.toFixed(2).replace(/^1\.00$/, '1');

/** What was never seen is told by what it may be at most. */
const shareOf = (hits: number, runs: number): string =>
  hits === 0 ? `0 (to ${percent(clopperPearson(0, runs).high, 2)} %)` : withInterval(hits, runs, 2);

const kinds = Object.keys(noises) as Noise[]; // Object.keys gives string[]; the table has no other keys.

const spreads = [0.03, 0.05, 0.1];
const effects = [0.2, 0.3, 0.5];
const cells = spreads.flatMap((spread) => [0, ...effects].map((effect) => ({ spread, effect })));
const rowHead = ['strategies', 'blocks', 'pair SD'];

interface Tables {
  readonly alarms: string;
  readonly power: string;
}

/** Rows for each number of strategies, of blocks, and spread. */
function tablesOf(numbers: readonly number[], runs: number, level: number, seed: number): Tables {
  const alarms: string[][] = [];
  const power: string[][] = [];
  for (const strategies of numbers)
    for (const blocks of [3, 5, 12]) {
      const outcomes = kinds.map((noise) =>
        simulateCells({ strategies, blocks, noise }, cells, level, runs, seed),
      );
      for (const spread of spreads) {
        const start = [String(strategies), String(blocks), `${percent(spread, 0)} %`];
        const at = (effect: number) =>
          cells.findIndex((cell) => cell.spread === spread && cell.effect === effect);
        const falseAlarms = outcomes.map((each) => shareOf(each[at(0)]?.falseAlarms ?? 0, runs));
        alarms.push([...start, ...falseAlarms]);
        // Normal noise comes first.
        power.push([...start, ...effects.map((effect) => share(outcomes[0]?.[at(effect)]?.found ?? 0))]);
      }
    }
  return {
    alarms: table([...rowHead, ...kinds.map((kind) => noises[kind])], alarms),
    power: table([...rowHead, ...effects.map((each) => `+${each * 100} % found`)], power),
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '4000' },
      seed: { type: 'string', default: '1' },
      level: { type: 'string', default: String(reportRule.level) },
      strategies: { type: 'string', default: '2,3,7,12' },
    },
  });
  const [runs, seed, level] = [Number(values.runs), Number(values.seed), Number(values.level)];
  const numbers = values.strategies.split(',').map(Number);
  const { alarms, power } = tablesOf(numbers, runs, level, seed);
  console.log(`${alarms}\n\n${power}`);
}
