/**
 * What the report's rule does with noise as it was measured: runs of equal strategies, put together from trials of two equal
 * sides (A/A), as the self-test keeps them.
 *
 *   node reports/research/resample-trials.ts RUN… [--runs N] [--seed N]      prints Markdown
 *
 * Each trial of a made-up run gets the ratio of one real pair, taken at random, the same pair for all metrics: its logarithm
 * over √2, with a sign at random, so that two such trials differ as the pair did.
 */
import { parseArgs } from 'node:util';
import { type ReadRun, readRun } from '../../record/read/run.ts';
import { judgedMetrics, observationsOf, reportRule } from '../facts/comparisons.ts';
import { allAnswered } from '../statistics/compare.ts';
import { judgePairs } from '../statistics/judge-pairs.ts';
import { standardDeviation } from '../statistics/order.ts';
import { pairWithinBlocks } from '../statistics/paired.ts';
import { seededRandom } from '../statistics/random.ts';
import { percent, table, withInterval } from './markdown.ts';

/** Log ratios of one pair of trials, in the order of the judged metrics. */
type PairNoise = readonly number[];

/** Pairs of the run's two sides that have every judged metric. */
export function pairsOfRun(run: ReadRun): PairNoise[] {
  const { design } = run.record;
  if (design.kind !== 'sides') return [];
  return design.pairs.flatMap(({ baseline, candidate }) => {
    const ratios = judgedMetrics.map((metric) => {
      const paired = pairWithinBlocks(
        observationsOf(run, baseline, metric),
        observationsOf(run, candidate, metric),
      );
      return new Map(paired.blocks.map((block, at) => [block, paired.logRatios[at] ?? 0]));
    });
    return [...(ratios[0]?.keys() ?? [])].flatMap((block) => {
      const own = ratios.flatMap((each) => each.get(block) ?? []);
      return own.length === judgedMetrics.length ? [own] : [];
    });
  });
}

export interface Resampled {
  /** Runs with any DIFFERENT, which no strategy is. */
  readonly falseAlarms: number;
  readonly same: number;
  readonly comparisons: number;
}

export function resample(
  pairs: readonly PairNoise[],
  size: { readonly strategies: number; readonly blocks: number },
  runs: number,
  seed: number,
): Resampled {
  const random = seededRandom(seed);
  const count = { falseAlarms: 0, same: 0, comparisons: 0 };
  const noise = (): PairNoise => {
    const pair = pairs[Math.floor(random.uniform() * pairs.length)] ?? [];
    const sign = random.uniform() < 0.5 ? -1 : 1;
    return pair.map((each) => (sign * each) / Math.SQRT2);
  };
  for (let run = 0; run < runs; run += 1) {
    const trials = Array.from({ length: size.strategies }, () => Array.from({ length: size.blocks }, noise));
    const compared = judgedMetrics.map((metric, at) => ({
      metric,
      sides: trials.map((own, strategy) => ({
        name: String(strategy),
        answers: allAnswered,
        trials: own.map((each, block) => ({ block, value: Math.exp(each[at] ?? 0) })),
      })),
    }));
    const verdicts = judgePairs(compared, reportRule);
    count.comparisons += verdicts.length;
    count.same += verdicts.filter(({ verdict }) => verdict === 'SAME').length;
    if (verdicts.some(({ verdict }) => verdict === 'DIFFERENT')) count.falseAlarms += 1;
  }
  return count;
}

function rowsOf(pairs: readonly PairNoise[], runs: number, seed: number): string[][] {
  return [2, 7, 12].flatMap((strategies) =>
    [3, 5, 12].map((blocks) => {
      const { falseAlarms, same, comparisons } = resample(pairs, { strategies, blocks }, runs, seed);
      return [
        String(strategies),
        String(blocks),
        withInterval(falseAlarms, runs, 2),
        `${percent(same / comparisons, 1)} %`,
      ];
    }),
  );
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
    allowPositionals: true,
  });
  const [runs, seed] = [Number(values.runs), Number(values.seed)];
  const read = await Promise.all(positionals.map((folder) => readRun(folder)));
  const pairs = read.flatMap(pairsOfRun);
  if (pairs.length < 2 || !Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
    console.error(
      'Give folders of runs of two equal sides, for example results/selftests/latest/comparisons/*, and whole numbers for --runs and --seed.',
    );
    process.exit(64);
  }
  const spreads = judgedMetrics.map(
    (metric, at) => `${metric} ${percent(standardDeviation(pairs.map((each) => each[at] ?? 0)) ?? 0, 1)} %`,
  );
  console.log(
    `${pairs.length} pairs of ${read.length} runs; SD of their log ratios: ${spreads.join(', ')}.\n`,
  );
  console.log(
    table(['strategies', 'blocks', 'runs with a false DIFFERENT', 'SAME'], rowsOf(pairs, runs, seed)),
  );
}
