/**
 * What the report's rule does with whole runs of six strategies, by simulation: how often a run of equal strategies is
 * called different anywhere, and how often one strategy that differs is told apart from all others.
 *
 *   node reports/research/simulate-runs.ts [--runs N] [--seed N]      prints Markdown
 */
import { parseArgs } from 'node:util';
import { judgedMetrics, reportRule } from '../facts/comparisons.ts';
import { allAnswered } from '../statistics/compare.ts';
import { judgePairs } from '../statistics/judge-pairs.ts';
import { seededRandom } from '../statistics/random.ts';
import { percent, row, withInterval } from './markdown.ts';

const strategies = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** Measured on 2 cores: reference figures of the method's document. */
const tailSpread = 0.73;

export interface RunSetting {
  readonly blocks: number;
  /** Standard deviation of the paired log ratio of every metric but read p99, which has 73 %. */
  readonly spread: number;
  /** How much dearer and slower the last strategy is on every metric but read p99, as a share. */
  readonly effect: number;
}

export interface RunOutcome {
  /** Runs in which a pair without a difference was called DIFFERENT on any metric. */
  readonly falseAlarms: number;
  /** Comparisons without a difference that were, and how many there were. */
  readonly falseVerdicts: number;
  readonly equalPairs: number;
  /** Comparisons with the difference that were called DIFFERENT, and how many there were. */
  readonly found: number;
  readonly unequalPairs: number;
}

/** Every trial has noise of its own, so that pairs that share a strategy err together, as in a real run. */
export function simulateRuns({ blocks, spread, effect }: RunSetting, runs: number, seed: number): RunOutcome {
  const random = seededRandom(seed);
  const count = { falseAlarms: 0, falseVerdicts: 0, equalPairs: 0, found: 0, unequalPairs: 0 };
  for (let run = 0; run < runs; run += 1) {
    const compared = judgedMetrics.map((metric) => {
      const tail = metric === 'read.p99';
      const noise = (tail ? tailSpread : spread) / Math.SQRT2;
      const sides = strategies.map((name) => ({
        name,
        answers: allAnswered,
        trials: Array.from({ length: blocks }, (_, block) => ({
          block,
          value: Math.exp(noise * random.normal()) * (name === 'f' && !tail ? 1 + effect : 1),
        })),
      }));
      return { metric, sides };
    });
    let alarm = false;
    for (const verdict of judgePairs(compared, reportRule)) {
      const differs = effect !== 0 && verdict.candidate === 'f' && verdict.metric !== 'read.p99';
      const called = verdict.verdict === 'DIFFERENT' && (!differs || verdict.direction === 'higher');
      count[differs ? 'unequalPairs' : 'equalPairs'] += 1;
      if (!called) continue;
      count[differs ? 'found' : 'falseVerdicts'] += 1;
      if (!differs) alarm = true;
    }
    if (alarm) count.falseAlarms += 1;
  }
  return count;
}

function table(runs: number, seed: number): string {
  const lines = [
    row([
      'blocks',
      'pair SD',
      'runs with a false DIFFERENT',
      'of all comparisons',
      '+20 % found',
      '+30 % found',
    ]),
    row(Array.from({ length: 6 }, () => '---')),
  ];
  for (const blocks of [3, 5, 12])
    for (const spread of [0.03, 0.05, 0.1]) {
      const equal = simulateRuns({ blocks, spread, effect: 0 }, runs, seed);
      const few = Math.max(100, Math.round(runs / 10));
      const [twenty, thirty] = [0.2, 0.3].map((effect) =>
        simulateRuns({ blocks, spread, effect }, few, seed + 1),
      );
      // Pairs of one run err together, so an interval over pairs would be too narrow.
      const share = (outcome: RunOutcome | undefined): string =>
        outcome ? `${percent(outcome.found / outcome.unequalPairs, 1)} %` : '';
      lines.push(
        row([
          String(blocks),
          `${percent(spread, 0)} %`,
          withInterval(equal.falseAlarms, runs, 2),
          `${equal.falseVerdicts} of ${equal.equalPairs}`,
          share(twenty),
          share(thirty),
        ]),
      );
    }
  return lines.join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
    console.error('--runs and --seed take whole numbers; for example: --runs 1000 --seed 1');
    process.exit(64);
  }
  const { level, floor, confidence } = reportRule;
  console.log(
    `${runs} simulated runs of six strategies a row, ${Math.max(100, Math.round(runs / 10))} with an effect; ` +
      `${judgedMetrics.length} metrics, of which read p99 has a pair SD of ${percent(tailSpread, 0)} %; seed ${seed}; ` +
      `level ${level}, floor ${floor}, confidence ${confidence} of all intervals together. In brackets: exact 95 % intervals (Clopper–Pearson).\n`,
  );
  console.log(table(runs, seed));
}
