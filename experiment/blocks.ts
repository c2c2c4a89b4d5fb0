/** The design that compares strategies: one trial of each in every block, in random order, all at one rate. */
import type { CommonRate } from '../record/rate.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { RunContext } from './context.ts';
import { designRecord } from './design-record.ts';
import type { RunJournal } from './journal.ts';
import { blockOrders, namesOf, type Order } from './orders.ts';
import type { BlocksDesign, Plan, RateChoice } from './plan.ts';
import { chooseRate, givenRate } from './rate.ts';
import type { Trials } from './trials.ts';
import { wereDisturbed } from './validity.ts';

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
async function findRate(choice: RateChoice, running: Order, trials: Trials): Promise<CommonRate> {
  const bursts = await trials.bursts(running);
  return choice.mode === 'auto' ? chooseRate(bursts) : givenRate(choice.value);
}

/**
 * Seconds that a trial takes to hold its reads: as planned, or up to twice as long.
 * @param readRate reads per second
 */
export function longEnough(planned: number, fewestReads: number, readRate: number): number {
  return Math.min(2 * planned, Math.max(planned, Math.ceil(fewestReads / readRate)));
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

/** How the trials of a block are measured, where they are not measured one by one as the block begins. */
export interface BlockHabits {
  /** Gets the block's index, from 0. */
  beforeBlock?(index: number, order: Order): Promise<void>;
  /** Strategies of a block that are driven at the same time. Each alone unless told. */
  groupsOf?(order: Order): readonly Order[];
}

const eachAlone = (order: Order): readonly Order[] => order.map((strategy) => [strategy]);

/**
 * Measures block by block, until the run is interrupted. What only the machine disturbed is measured once more at the
 * end of its block.
 */
export async function measureBlocks(
  { orders, rate, measureSeconds }: Blocks,
  { trials, context: { signal } }: Tools,
  { beforeBlock = async () => {}, groupsOf = eachAlone }: BlockHabits = {},
): Promise<void> {
  const blocks = orders.map(groupsOf);
  const waiting = blocks.flat();
  let planned = waiting.flat().length;
  const secondsLeft = (): number =>
    waiting.reduce((sum, group) => sum + trials.secondsOf(group, measureSeconds), 0);
  const measure = async (group: Order, block: number): Promise<readonly TrialRecord[]> => {
    const records = await trials.measureTogether(
      group.map((strategy) => ({
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
      })),
    );
    waiting.splice(waiting.indexOf(group), 1);
    return records;
  };

  for (const [index, groups] of blocks.entries()) {
    if (signal.aborted) return;
    await beforeBlock(index, groups.flat());
    const disturbed: Order[] = [];
    for (const group of groups) {
      if (signal.aborted) return;
      if (wereDisturbed(await measure(group, index + 1))) disturbed.push(group);
    }
    planned += disturbed.flat().length;
    waiting.push(...disturbed);
    for (const group of disturbed) {
      if (signal.aborted) return;
      await measure(group, index + 1);
    }
  }
}
