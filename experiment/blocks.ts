/** The design that compares strategies: one trial of each in every block, in random order, all at one rate. */
import type { CommonRate } from '../record/rate.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { RunContext } from './context.ts';
import { designRecord } from './design-record.ts';
import type { RunJournal } from './journal.ts';
import { blockOrders, namesOf, type Order } from './orders.ts';
import type { BlocksDesign, Plan, RateChoice } from './plan.ts';
import { chooseRate, givenRate } from './rate.ts';
import { longEnough } from './trial-length.ts';
import type { Trials } from './trials.ts';
import { wasDisturbed } from './validity.ts';

/** What a design works with while its plan is carried out. */
export interface Tools {
  readonly trials: Trials;
  readonly journal: RunJournal;
  readonly context: RunContext;
}

export async function runBlocks(plan: Plan<BlocksDesign>, running: Order, tools: Tools): Promise<void> {
  const { design, workload } = plan;
  const rate = await findRate(design.rate, running, tools.trials);
  const measureSeconds = longEnough(plan.measureSeconds, design.fewestReads, rate.value * workload.mix.read);
  const blocks = { orders: blockOrders(plan, running), rate, measureSeconds };
  await announceBlocks(plan, blocks, tools);
  await measureBlocks(blocks, tools);
}

/** Blocks about to be measured. */
export interface Blocks {
  readonly orders: readonly Order[];
  readonly rate: CommonRate;
  readonly measureSeconds: number;
}

/** @throws Error when no strategy answered, so that there is no common rate */
export async function findRate(choice: RateChoice, running: Order, trials: Trials): Promise<CommonRate> {
  const bursts = await trials.bursts(running);
  return choice.mode === 'auto' ? chooseRate(bursts) : givenRate(choice.value);
}

/** Keeps the plan as it is now that the rate is known, and says it. */
export async function announceBlocks(
  plan: Plan,
  { orders, rate, measureSeconds }: Blocks,
  { journal, context: { progress } }: Tools,
): Promise<void> {
  const { record } = journal;
  record.design = designRecord(plan.design, { rate, rounds: 0 });
  record.plan.measureSeconds = measureSeconds;
  record.plan.order = namesOf(orders);
  await journal.write();
  progress.say(`Rate: ${rate.explanation}.`);
  if (measureSeconds > plan.measureSeconds)
    progress.say(`Trials take ${measureSeconds} s each, for enough requests at this rate.`);
}

/**
 * Measures block by block, until the run is interrupted. What only the machine disturbed is measured once more at the
 * end of its block.
 * @param beforeBlock gets the block's index, from 0
 */
export async function measureBlocks(
  { orders, rate, measureSeconds }: Blocks,
  { trials, context: { signal } }: Tools,
  beforeBlock: (index: number, order: Order) => Promise<void> = async () => {},
): Promise<void> {
  const waiting = orders.flat();
  let planned = waiting.length;
  const secondsLeft = (): number =>
    waiting.reduce((sum, strategy) => sum + trials.secondsOf(strategy, measureSeconds), 0);
  const measure = async (strategy: Order[number], block: number): Promise<TrialRecord> => {
    const record = await trials.measure({
      strategy,
      block,
      rate: rate.value,
      measureSeconds,
      overtimeSeconds: null,
      announce: (number) => ({
        title: `block ${block} of ${orders.length}, trial ${number} of ${planned}, ${strategy.name}`,
        trials: planned,
        secondsLeft: secondsLeft(),
      }),
      judge: async () => null,
    });
    waiting.splice(waiting.indexOf(strategy), 1);
    return record;
  };

  for (const [index, order] of orders.entries()) {
    if (signal.aborted) return;
    await beforeBlock(index, order);
    const disturbed: Order[number][] = [];
    for (const strategy of order) {
      if (signal.aborted) return;
      if (wasDisturbed(await measure(strategy, index + 1))) disturbed.push(strategy);
    }
    planned += disturbed.length;
    waiting.push(...disturbed);
    for (const strategy of disturbed) {
      if (signal.aborted) return;
      await measure(strategy, index + 1);
    }
  }
}
