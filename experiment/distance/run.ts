/** The design that measures distance: blocks as those of a comparison, each with the servers at another distance. */
import { announceBlocks, measureBlocks, type Tools } from '../blocks.ts';
import { blockOrders, type Order } from '../orders.ts';
import type { DistanceDesign, Plan } from '../plan.ts';

export async function runDistance(plan: Plan<DistanceDesign>, running: Order, tools: Tools): Promise<void> {
  const { rate, addedMs } = plan.design;
  await tools.trials.bursts(running);
  const blocks = { orders: blockOrders(plan, running), rate, measureSeconds: plan.measureSeconds };
  await announceBlocks(plan, blocks, tools);
  await measureBlocks(blocks, tools, { addedMs: (block) => addedMs[block - 1] ?? 0 });
}
