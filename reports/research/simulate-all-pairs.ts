/**
 * What comparing all pairs by the studentized range does with whole runs, by simulation: how often a run of equal strategies
 * is called different anywhere, and how often one that differs is told apart from all others.
 *
 *   node reports/research/simulate-all-pairs.ts [--runs N] [--seed N] [--level SHARE]      prints Markdown
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

/** @param effect how much larger the last strategy's values are, as a share */
function trialsOf({ strategies, blocks, spread, noise }: Setting, effect: number, random: Random) {
  return Array.from({ length: strategies }, (_, strategy): Observation[] => {
    // Half of the pair's variance is each strategy's own; where it drifts, by as much again from the first block to the last.
    const own = spread / Math.SQRT2;
    const slope = noise === 'drift' ? 2 * own * random.normal() : 0;
    const log = strategy === strategies - 1 ? Math.log1p(effect) : 0;
    return Array.from({ length: blocks }, (_, block) => {
      const drift = slope * (blocks === 1 ? 0 : block / (blocks - 1) - 0.5);
      const lost = noise === 'missing' && random.uniform() < 0.1;
      const value = Math.exp(log + drift + own * draw(noise, random, strategy, strategies));
      return { block, value: lost ? null : value };
    });
  });
}

export interface Outcome {
  /** Runs in which a pair without a difference was called DIFFERENT on any metric. */
  readonly falseAlarms: number;
  /** Share of the pairs with a difference that were called DIFFERENT in its direction. */
  readonly found: number;
}

export function simulate(
  setting: Setting,
  effect: number,
  level: number,
  runs: number,
  seed: number,
): Outcome {
  const random = seededRandom(seed);
  let [falseAlarms, found] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    let alarm = false;
    for (let metric = 0; metric < metrics; metric += 1) {
      const tail = metric === metrics - 1;
      const own = tail ? { ...setting, spread: tailSpread } : setting;
      const called = callsOf(own, new AllPairs(trialsOf(own, tail ? 0 : effect, random), level / metrics));
      const differs = ({ candidate }: Call) => effect !== 0 && !tail && candidate === setting.strategies - 1;
      found += called.filter((call) => differs(call) && call.higher).length;
      if (called.some((call) => !differs(call) || !call.higher)) alarm = true;
    }
    if (alarm) falseAlarms += 1;
  }
  return { falseAlarms, found: found / (runs * (metrics - 1) * Math.max(1, setting.strategies - 1)) };
}

interface Call {
  readonly candidate: number;
  readonly higher: boolean;
}

function callsOf({ strategies }: Setting, pairs: AllPairs): readonly Call[] {
  const called: Call[] = [];
  for (let baseline = 0; baseline < strategies; baseline += 1)
    for (let candidate = baseline + 1; candidate < strategies; candidate += 1) {
      const pair = pairs.between(baseline, candidate);
      if (pair !== null && Math.abs(pair.estimate) - pair.half > floor)
        called.push({ candidate, higher: pair.estimate > 0 });
    }
  return called;
}

const share = (value: number): string => value.toFixed(2).replace(/^1\.00$/, '1');

/** What was never seen is told by what it may be at most. */
const shareOf = (hits: number, runs: number): string =>
  hits === 0 ? `0 (to ${percent(clopperPearson(0, runs).high, 2)} %)` : withInterval(hits, runs, 2);

const kinds = Object.keys(noises) as Noise[]; // Object.keys gives string[]; the table has no other keys.

type Cell = Omit<Setting, 'noise'>;

/** A row for each number of strategies, of blocks, and spread. */
const rowsOf = (cellsOf: (cell: Cell) => readonly string[]): string[][] =>
  [2, 3, 7, 12].flatMap((strategies) =>
    [3, 5, 12].flatMap((blocks) =>
      [0.03, 0.05, 0.1].map((spread) => [
        String(strategies),
        String(blocks),
        `${percent(spread, 0)} %`,
        ...cellsOf({ strategies, blocks, spread }),
      ]),
    ),
  );
const rowHead = ['strategies', 'blocks', 'pair SD'];

function alarms(runs: number, level: number, seed: number): string {
  const rows = rowsOf((cell) =>
    kinds.map((noise) => shareOf(simulate({ ...cell, noise }, 0, level, runs, seed).falseAlarms, runs)),
  );
  return table([...rowHead, ...kinds.map((kind) => noises[kind])], rows);
}

function power(runs: number, level: number, seed: number): string {
  const effects = [0.2, 0.3, 0.5];
  const rows = rowsOf((cell) =>
    effects.map((effect) => share(simulate({ ...cell, noise: 'normal' }, effect, level, runs, seed).found)),
  );
  return table([...rowHead, ...effects.map((each) => `+${each * 100} % found`)], rows);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '4000' },
      seed: { type: 'string', default: '1' },
      level: { type: 'string', default: String(reportRule.level) },
    },
  });
  const [runs, seed, level] = [Number(values.runs), Number(values.seed), Number(values.level)];
  console.log(`${alarms(runs, level, seed)}\n\n${power(Math.max(100, Math.round(runs / 4)), level, seed)}`);
}
