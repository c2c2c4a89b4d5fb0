/**
 * The design that does something to deployments on purpose: fault by fault, one trial of each strategy that can have it, in
 * random order, each on a deployment that is stopped afterwards.
 */
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { disturbanceOf } from '../../record/noise.ts';
import type { TrialRecord } from '../../record/trial.ts';
import type { Tools } from '../blocks.ts';
import { logsIn } from '../load.ts';
import { blockOrders, namesOf } from '../orders.ts';
import type { FaultsDesign, Plan } from '../plan.ts';
import type { Fault } from './fault.ts';
import { measuredSecondsOf, OVERTIME_SECONDS } from './timing.ts';
import { runFaultTrial } from './trial.ts';

/** A trial that only the machine or the generator disturbed is measured again, so often. */
const MOST_REPEATS = 1;

export async function runFaults(
  plan: Plan<FaultsDesign>,
  running: readonly Strategy[],
  tools: Tools,
): Promise<void> {
  const { journal, context } = tools;
  const orders = blockOrders(plan, running);
  journal.record.plan.order = namesOf(orders);
  await journal.write();
  context.progress.say(`Rate: ${plan.design.rate.explanation}.`);
  const agenda = new FaultAgenda(plan, orders, tools);
  for (const [index, order] of orders.entries()) {
    for (const strategy of order) {
      if (context.signal.aborted) return;
      await agenda.measure(index, strategy);
    }
  }
}

/** The trials that are still to be measured. */
class FaultAgenda {
  readonly #plan: Plan<FaultsDesign>;
  readonly #tools: Tools;
  readonly #left: { readonly fault: Fault; readonly strategy: Strategy }[];
  #planned: number;

  constructor(plan: Plan<FaultsDesign>, orders: readonly (readonly Strategy[])[], tools: Tools) {
    this.#plan = plan;
    this.#tools = tools;
    this.#left = orders.flatMap((order, index) => {
      const fault = plan.design.faults[index]?.fault;
      return fault ? order.map((strategy) => ({ fault, strategy })) : [];
    });
    this.#planned = this.#left.length;
  }

  async measure(index: number, strategy: Strategy): Promise<void> {
    const fault = this.#plan.design.faults[index]?.fault;
    if (!fault) throw new Error(`there is no fault of block ${index + 1}`);
    for (let repeats = 0; ; repeats += 1) {
      const record = await this.#once(fault, index + 1, strategy);
      const again = repeats < MOST_REPEATS && disturbanceOf(record) !== null;
      if (!again || this.#tools.context.signal.aborted) break;
      this.#planned += 1;
    }
    this.#left.shift();
  }

  #once(fault: Fault, block: number, strategy: Strategy): Promise<TrialRecord> {
    const { design } = this.#plan;
    const { trials, context } = this.#tools;
    return trials.measureLast(
      {
        strategy,
        block,
        rate: design.rate.value,
        measureSeconds: measuredSecondsOf(fault),
        overtimeSeconds: OVERTIME_SECONDS,
        population: logsIn,
        announce: (number) => ({
          title: `${fault.title}, trial ${number} of ${this.#planned}, ${strategy.name}`,
          trials: this.#planned,
          secondsLeft: this.#secondsLeft(),
        }),
        judge: async () => null,
      },
      fault.network,
      (part) => runFaultTrial(part, fault, this.#plan, context),
    );
  }

  #secondsLeft(): number {
    return this.#left.reduce(
      (sum, { fault, strategy }) => sum + this.#tools.trials.secondsOf([strategy], measuredSecondsOf(fault)),
      0,
    );
  }
}
