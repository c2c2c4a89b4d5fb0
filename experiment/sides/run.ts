/**
 * The design that compares two versions of the same strategies: every block holds both sides of each. Both sides of a pair
 * are driven at the same time on the same cores (a duet), so that what the machine does meets both.
 */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { announceBlocks, findRate, measureBlocks, type Tools } from '../blocks.ts';
import { blockOrders, sidesOfPairs } from '../orders.ts';
import type { Plan, SidesDesign } from '../plan.ts';

/** Of a pair. */
const SIDES = 2;

export async function runSides(
  plan: Plan<SidesDesign>,
  running: readonly Strategy[],
  tools: Tools,
): Promise<void> {
  const { trials, journal } = tools;
  const { design, measureSeconds } = plan;
  const sides = wholePairs(design, running);
  if (sides.length === 0) {
    journal.record.plan.order = [];
    return;
  }
  const groupsOf = (order: readonly Strategy[]) => sidesOfPairs(order, design.pairs);
  const rate = await findRate(design.rate, sides, trials, SIDES);
  const blocks = { orders: blockOrders(plan, sides), rate, measureSeconds };
  await announceBlocks(plan, blocks, tools);
  await measureBlocks(blocks, tools, {
    groupsOf,
    async beforeBlock(index, order) {
      if (index === 0 || index % design.blocksPerDeployment > 0) return;
      await trials.startServersAnew(order);
      for (const pair of groupsOf(order)) await trials.burstTogether(pair);
    },
  });
}

/** A side whose other side does not run need not be measured. */
function wholePairs({ pairs }: SidesDesign, running: readonly Strategy[]): readonly Strategy[] {
  const runs = new Set(running.map(({ name }) => name));
  const whole = pairs.filter(({ baseline, candidate }) => runs.has(baseline) && runs.has(candidate));
  return running.filter(({ name }) =>
    whole.some(({ baseline, candidate }) => baseline === name || candidate === name),
  );
}
