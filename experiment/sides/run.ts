/**
 * The design that compares two versions of the same strategies: every block holds both sides of each. Both sides of a pair
 * are driven at the same time on the same cores (a duet), so that what the machine does meets both.
 */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import type { CommonRate } from '../../record/rate.ts';
import { announceBlocks, measureBlocks, type Tools } from '../blocks.ts';
import { blockOrders, type Order, sidesOfPairs } from '../orders.ts';
import type { Plan, RateChoice, SidesDesign } from '../plan.ts';
import { chooseRate, givenRate } from '../rate.ts';

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
  const groupsOf = (order: Order): readonly Order[] => sidesOfPairs(order, design.pairs);
  const warmUp = async (order: Order): Promise<void> => {
    for (const pair of groupsOf(order)) await trials.burstTogether(pair);
  };
  const rate = await findRate(design.rate, sides, trials, warmUp);
  const blocks = { orders: blockOrders(plan, sides), rate, measureSeconds };
  await announceBlocks(plan, blocks, tools);
  await measureBlocks(blocks, tools, {
    groupsOf,
    async beforeBlock(index, order) {
      if (index === 0 || index % design.blocksPerDeployment > 0) return;
      await trials.startServersAnew(order);
      await warmUp(order);
    },
  });
}

/** A throughput is found of one side at a time; both sides of a pair share it. */
async function findRate(
  choice: RateChoice,
  sides: Order,
  trials: Tools['trials'],
  warmUp: (order: Order) => Promise<void>,
): Promise<CommonRate> {
  if (choice.mode === 'auto') return chooseRate(await trials.bursts(sides), SIDES);
  await warmUp(sides);
  return givenRate(choice.value);
}

/** A side whose other side does not run need not be measured. */
function wholePairs({ pairs }: SidesDesign, running: readonly Strategy[]): readonly Strategy[] {
  const runs = new Set(running.map(({ name }) => name));
  const whole = pairs.filter(({ baseline, candidate }) => runs.has(baseline) && runs.has(candidate));
  return running.filter(({ name }) =>
    whole.some(({ baseline, candidate }) => baseline === name || candidate === name),
  );
}
