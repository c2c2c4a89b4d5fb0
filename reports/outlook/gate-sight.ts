/** What a comparison of two sides can find, told before it starts. */
import type { Metric } from '../../record/metrics.ts';
import { defaultRule } from '../../record/rule.ts';
import type { Budget } from '../gate/budgets.ts';
import { fewestBlocksFor } from '../statistics/compare.ts';
import { smallestDetectable } from '../statistics/power.ts';
import { counted, listed } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import { difference } from './sight.ts';

export interface GateSize {
  readonly blocks: number;
  /** For each strategy, whether it has servers that keep its sessions. */
  readonly withStore: readonly boolean[];
  readonly budgets: readonly Budget[];
}

/**
 * Standard deviation of the paired log ratio of two sides of the same code, driven at the same time, with new servers every
 * other block: docs/measurements/2026-11-26-duet.md. Of other metrics it was not measured.
 */
const measured: Readonly<Partial<Record<Metric, number>>> = { cpuPerRequest: 0.05, 'read.p50': 0.08 };

/** Of the trials that told it. */
const MEASURED_SECONDS = 4;

const ofStore: ReadonlySet<Metric> = new Set([
  'cpuPerRequest.store',
  'memory.store',
  'storeCommandsPerRequest',
]);

/** One sentence without its end. What is judged together makes what can be found larger. */
export function gateSightWords({ blocks, withStore, budgets }: GateSize): string {
  const judged = withStore.flatMap((has) => budgets.filter(({ metric }) => has || !ofStore.has(metric)));
  if (withStore.length === 0) return 'no difference, since no strategy can run here';
  if (judged.length === 0) return 'no difference, since no budget is of anything that these strategies have';
  const fewest = fewestBlocksFor(judged.length, defaultRule);
  const together = `${counted(judged.length, 'result')} that ${judged.length === 1 ? 'is' : 'are'} judged together`;
  if (blocks < fewest)
    return `no difference, however large: ${counted(blocks, 'block')} cannot show one in ${together}. Give --blocks ${fewest} or more`;
  const found = budgets.flatMap(({ metric, share }) => {
    const spread = measured[metric];
    if (spread === undefined || !judged.some((budget) => budget.metric === metric)) return [];
    const effect = smallestDetectable(spread, blocks, judged.length, { ...defaultRule, floor: share });
    return [{ metric, spread, words: `${difference(Math.exp(effect))} in ${metricTitle(metric)}` }];
  });
  if (found.length === 0)
    return 'what its budgets ask for, as far as its noise allows, of which nothing is known';
  const noise = found.map(({ metric, spread }) => `${Math.round(spread * 100)} % in ${metricTitle(metric)}`);
  return `differences of about ${listed(found.map(({ words }) => words))} (assumed: trials of ${MEASURED_SECONDS} s on two sides of the same code differ by ${listed(noise)})`;
}
