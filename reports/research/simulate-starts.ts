/**
 * What the gate finds where pairs of one start share what the processes of that start happen to be, by simulation: the
 * pairs are then no independent observations, which the exact test takes them for.
 *
 *   node reports/research/simulate-starts.ts [--comparisons N] [--seed N]      prints Markdown
 */
import { parseArgs } from 'node:util';
import { defaultRule } from '../../record/rule.ts';
import { allAnswered, judgeFamily } from '../statistics/compare.ts';
import { seededRandom } from '../statistics/random.ts';
import { percent, table, withInterval } from './markdown.ts';

export interface Starts {
  readonly starts: number;
  readonly pairsOfStart: number;
  /** Standard deviation of the log ratio between starts, and between the pairs of one start. */
  readonly between: number;
  readonly within: number;
  /** Change of the candidate, as a share. */
  readonly effect: number;
  /** Budget, as a share. */
  readonly budget: number;
}

/** @returns how many comparisons were called different: in the direction of the effect or, without one, in any */
export function simulateStarts(setting: Starts, comparisons: number, seed: number): number {
  const random = seededRandom(seed);
  let called = 0;
  for (let i = 0; i < comparisons; i += 1) {
    const logs = Array.from({ length: setting.starts }, () => {
      const start = setting.between * random.normal();
      return Array.from({ length: setting.pairsOfStart }, () => start + setting.within * random.normal());
    }).flat();
    const ratios = logs.map((log, block) => ({ block, value: Math.exp(log) * (1 + setting.effect) }));
    const [verdict] = judgeFamily(
      [
        {
          metric: 'cpuPerRequest',
          baseline: {
            name: 'before',
            trials: ratios.map(({ block }) => ({ block, value: 1 })),
            answers: allAnswered,
          },
          candidate: { name: 'after', trials: ratios, answers: allAnswered },
        },
      ],
      { ...defaultRule, floor: setting.budget },
    );
    if (verdict?.verdict !== 'DIFFERENT') continue;
    if (setting.effect === 0 || verdict.ratio > 1) called += 1;
  }
  return called;
}

/** As the gate has them, and as it would be with fewer starts for the same pairs. */
const designs: readonly Pick<Starts, 'starts' | 'pairsOfStart'>[] = [
  { starts: 18, pairsOfStart: 2 },
  { starts: 6, pairsOfStart: 6 },
];
const noises: readonly Pick<Starts, 'between' | 'within'>[] = [
  { between: 0.024, within: 0.03 },
  { between: 0.04, within: 0.03 },
];
const questions: readonly Pick<Starts, 'effect' | 'budget'>[] = [
  { effect: 0, budget: 0.02 },
  { effect: 0.05, budget: 0.02 },
  { effect: 0, budget: 0.05 },
  { effect: 0.1, budget: 0.05 },
];

function page(comparisons: number, seed: number): string {
  const columns = questions.map(
    ({ effect, budget }) => `+${percent(effect, 0)} % called, budget ${percent(budget, 0)} %`,
  );
  const lines = designs.flatMap((design) =>
    noises.map((noise) => [
      `${design.starts} × ${design.pairsOfStart}`,
      `${percent(noise.between, 1)} %`,
      `${percent(noise.within, 1)} %`,
      ...questions.map((question) =>
        withInterval(simulateStarts({ ...design, ...noise, ...question }, comparisons, seed), comparisons, 0),
      ),
    ]),
  );
  return table(['starts × pairs', 'SD between', 'SD within', ...columns], lines);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { comparisons: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  process.stdout.write(`${page(Number(values.comparisons), Number(values.seed))}\n`);
}
