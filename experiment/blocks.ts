/** The design that compares strategies: one trial of each in every block, in random order, all at one rate. */
import type { CommonRate } from '../record/rate.ts';
import type { TrialRecord } from '../record/trial.ts';
import type { RunContext } from './context.ts';
import { designRecord } from './design-record.ts';
import type { RunJournal } from './journal.ts';
import { logsIn } from './load.ts';
import { blockOrders, namesOf, type Order } from './orders.ts';
import type { BlocksDesign, Plan, RateChoice } from './plan.ts';
import { chooseRate, givenRate } from './rate.ts';
import { type Disturbed, Repeats } from './repeats.ts';
import { longEnough } from './trial-length.ts';
import type { Trials } from './trials.ts';

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
  /** Milliseconds by which round trips to the servers take longer in a block, from 1. None unless told. */
  addedMs?(block: number): number;
}

const eachAlone = (order: Order): readonly Order[] => order.map((strategy) => [strategy]);

/**
 * Measures block by block, until the run is interrupted. What only the machine disturbed is measured again at the end of its
 * block, or of a later one, for as long as the run's patience lasts: it grows with each block, so that all have some.
 */
export async function measureBlocks(
  blocks: Blocks,
  { trials, context: { signal } }: Tools,
  { beforeBlock = async () => {}, groupsOf = eachAlone, addedMs = () => 0 }: BlockHabits = {},
): Promise<void> {
  const { orders } = blocks;
  const groups = orders.map(groupsOf);
  const agenda = new Agenda(blocks, groups.flat(), trials, addedMs);
  const repeats = new Repeats();
  for (const [index, order] of orders.entries()) {
    if (signal.aborted) return;
    await beforeBlock(index, order);
    for (const together of groups[index] ?? []) {
      if (signal.aborted) return;
      const trials = { together, block: index + 1 };
      repeats.add(trials, await agenda.measure(trials));
    }
    await repeatDisturbed(repeats, agenda, (index + 1) / orders.length, signal);
  }
}

/** @param share of the run's patience that may be used by now, 0 to 1 */
async function repeatDisturbed(
  repeats: Repeats,
  agenda: Agenda,
  share: number,
  signal: AbortSignal,
): Promise<void> {
  let inVain = 0;
  for (let trial = repeats.next; trial && !signal.aborted; trial = repeats.next) {
    if (inVain === MOST_IN_VAIN || !(await agenda.mayRepeat(trial, share))) return;
    repeats.take();
    inVain = repeats.add(trial, await agenda.repeat(trial)) ? inVain + 1 : 0;
  }
}

/** So many repeats in a row that were disturbed too, and the machine is one whose noise no look sees. */
const MOST_IN_VAIN = 5;
/** Seconds that are waited after the last block for a machine that was quiet before: nothing comes after them. */
const LAST_WAIT = 60;

/** The trials of a run with blocks that are still to be measured. */
class Agenda {
  readonly #blocks: Blocks;
  readonly #trials: Trials;
  readonly #addedMs: (block: number) => number;
  readonly #waiting: Order[];
  #planned: number;

  /** @param groups strategies that are driven at the same time, in all blocks */
  constructor(blocks: Blocks, groups: readonly Order[], trials: Trials, addedMs: (block: number) => number) {
    this.#blocks = blocks;
    this.#trials = trials;
    this.#addedMs = addedMs;
    this.#waiting = [...groups];
    this.#planned = groups.flat().length;
  }

  async measure({ together, block }: Disturbed): Promise<readonly TrialRecord[]> {
    const { orders, rate, measureSeconds } = this.#blocks;
    const addedMs = this.#addedMs(block);
    const where = `block ${block} of ${orders.length}${addedMs > 0 ? `, ${addedMs} ms further` : ''}`;
    const records = await this.#trials.measureTogether(
      together.map((strategy) => ({
        strategy,
        block,
        rate: rate.value,
        measureSeconds,
        overtimeSeconds: null,
        population: logsIn,
        addedMs,
        announce: (number) => ({
          title: `${where}, trial ${number} of ${this.#planned}, ${strategy.name}`,
          trials: this.#planned,
          secondsLeft: this.#secondsLeft(),
        }),
        judge: async () => null,
      })),
    );
    this.#waiting.splice(this.#waiting.indexOf(together), 1);
    return records;
  }

  /** Beside a machine that stays loud a repeat would be disturbed too. */
  async mayRepeat(trial: Disturbed, share: number): Promise<boolean> {
    const { patience } = this.#trials;
    if (patience === null || patience.left(share) < this.#secondsOf(trial)) return false;
    const longest = share === 1 && this.#trials.machineWasQuiet ? LAST_WAIT : undefined;
    const { quiet } = await this.#trials.untilQuiet(() => this.#secondsLeft(), longest);
    return quiet;
  }

  async repeat(trial: Disturbed): Promise<readonly TrialRecord[]> {
    this.#planned += trial.together.length;
    this.#waiting.push(trial.together);
    this.#trials.patience?.repeated(this.#secondsOf(trial));
    return await this.measure(trial);
  }

  #secondsOf({ together }: Pick<Disturbed, 'together'>): number {
    return this.#trials.secondsOf(together, this.#blocks.measureSeconds);
  }

  #secondsLeft(): number {
    return this.#waiting.reduce((sum, together) => sum + this.#secondsOf({ together }), 0);
  }
}
