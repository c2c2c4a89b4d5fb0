/** The design that compares two versions of the same strategies: every block holds both sides of each. */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { announceBlocks, findRate, measureBlocks, type Tools } from '../blocks.ts';
import { blockOrders } from '../orders.ts';
import type { Plan, SidesDesign } from '../plan.ts';

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
  const rate = await findRate(design.rate, sides, trials);
  const blocks = { orders: blockOrders(plan, sides), rate, measureSeconds };
  await announceBlocks(plan, blocks, tools);
  await measureBlocks(blocks, tools, async (index, order) => {
    if (index === 0 || index % design.blocksPerDeployment > 0) return;
    await trials.startServersAnew(order);
    await trials.bursts(order);
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
