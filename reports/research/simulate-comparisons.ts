/**
 * What the rule does with noise of a known size, by simulation: false alarms of A/A comparisons and power.
 *
 *   node reports/research/simulate-comparisons.ts [--comparisons N] [--seed N]      prints Markdown
 */
import { parseArgs } from 'node:util';
import type { Metric } from '../../record/metrics.ts';
import { defaultRule } from '../../record/rule.ts';
import { allAnswered, judgeFamily } from '../statistics/compare.ts';
import { type Random, seededRandom } from '../statistics/random.ts';
import { percent, row, withInterval } from './markdown.ts';

/** How the paired log ratios are spread. */
export type Noise = 'normal' | 'heavy';

export interface Setting {
  readonly pairs: number;
  /** Standard deviation of the paired log ratios. */
  readonly spread: number;
  /** Metrics that are judged together in one comparison; the first carries the effect. */
  readonly metrics: number;
  /** Change of the first metric, as a share: 0.1 for +10 %. */
  readonly effect: number;
  readonly noise: Noise;
}

export interface Outcome {
  readonly comparisons: number;
  /** Comparisons in which a metric without effect was called DIFFERENT. */
  readonly falseAlarms: number;
  /** Comparisons in which the metric with the effect was called DIFFERENT in its direction. */
  readonly found: number;
  /** Verdicts of the first metric. */
  readonly same: number;
  readonly inconclusive: number;
}

const names: readonly Metric[] = [
  'read.p50',
  'cpuPerRequest',
  'write.p50',
  'login.p50',
  'read.p90',
  'write.p90',
  'cpuPerRequest.app',
  'cpuPerRequest.store',
];

/** Student's t with 3 degrees of freedom, scaled to variance 1: now and then a trial goes badly wrong. */
function heavyTailed(random: Random): number {
  const chi = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2;
  return random.normal() / Math.sqrt(chi);
}

/** Independent metrics: the worst case for false alarms, since real metrics err together. */
export function simulate(setting: Setting, comparisons: number, seed: number): Outcome {
  const random = seededRandom(seed);
  const draw = () => setting.spread * (setting.noise === 'normal' ? random.normal() : heavyTailed(random));
  const count = { falseAlarms: 0, found: 0, same: 0, inconclusive: 0 };
  for (let i = 0; i < comparisons; i += 1) {
    const verdicts = judgeFamily(
      names.slice(0, setting.metrics).map((metric, index) => {
        const shift = index === 0 ? Math.log1p(setting.effect) : 0;
        const blocks = Array.from({ length: setting.pairs }, (_, block) => ({
          block,
          ratio: Math.exp(shift + draw()),
        }));
        return {
          metric,
          baseline: {
            name: 'before',
            trials: blocks.map(({ block }) => ({ block, value: 1 })),
            answers: allAnswered,
          },
          candidate: {
            name: 'after',
            trials: blocks.map(({ block, ratio }) => ({ block, value: ratio })),
            answers: allAnswered,
          },
        };
      }),
    );
    const different = verdicts.map((verdict) => verdict.verdict === 'DIFFERENT');
    const [first] = verdicts;
    if (setting.effect === 0 ? different.some(Boolean) : different.slice(1).some(Boolean))
      count.falseAlarms += 1;
    if (setting.effect !== 0 && first?.verdict === 'DIFFERENT' && first.direction === 'higher')
      count.found += 1;
    if (first?.verdict === 'SAME') count.same += 1;
    if (first?.verdict === 'INCONCLUSIVE') count.inconclusive += 1;
  }
  return { comparisons, ...count };
}

function table(comparisons: number, seed: number): string {
  const lines = [
    row([
      'noise',
      'pair SD',
      'blocks',
      'metrics',
      'A/A called DIFFERENT',
      'A/A called SAME',
      '+10 % found',
      '+20 % found',
    ]),
    row(Array.from({ length: 8 }, () => '---')),
  ];
  const few = Math.max(400, Math.round(comparisons / 5));
  for (const noise of ['normal', 'heavy'] as const)
    for (const [pairs, metrics] of [
      [12, 2],
      [12, 8],
      [20, 8],
    ] as const)
      for (const spread of [0.03, 0.05, 0.1]) {
        const setting = { pairs, spread, metrics, noise };
        const nothing = simulate({ ...setting, effect: 0 }, comparisons, seed);
        const ten = simulate({ ...setting, effect: 0.1 }, few, seed + 1);
        const twenty = simulate({ ...setting, effect: 0.2 }, few, seed + 2);
        lines.push(
          row([
            noise,
            `${percent(spread, 0)} %`,
            String(pairs),
            String(metrics),
            withInterval(nothing.falseAlarms, comparisons, 2),
            withInterval(nothing.same, comparisons, 1),
            withInterval(ten.found, few, 1),
            withInterval(twenty.found, few, 1),
          ]),
        );
      }
  return lines.join('\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { comparisons: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
  });
  const comparisons = Number(values.comparisons);
  const seed = Number(values.seed);
  if (!Number.isInteger(comparisons) || comparisons < 1 || !Number.isInteger(seed)) {
    console.error('--comparisons and --seed take whole numbers; for example: --comparisons 2000 --seed 1');
    process.exit(64);
  }
  const { level, floor, confidence } = defaultRule;
  console.log(
    `${comparisons} simulated A/A comparisons a row, ${Math.max(400, Math.round(comparisons / 5))} with an effect; seed ${seed}; ` +
      `level ${level}, floor ${floor}, confidence ${confidence}. In brackets: exact 95 % intervals (Clopper–Pearson).\n`,
  );
  console.log(table(comparisons, seed));
}
