/** One service while it runs: how its nodes get ready, sleep, wake and come back, the same on every runtime. */
import { withLog } from '../../record/log-lines.ts';
import { until } from '../machine/until.ts';
import type { ServiceControl } from '../services/definition.ts';
import { everyOne, failuresOf } from './gather.ts';
import type { Node, NodeEnd, Nodes } from './nodes.ts';
import type { PlannedService } from './plan.ts';

/** For one state of all nodes, in milliseconds. */
const STATE_TIMEOUT_MS = 30_000;

/** Another program took a port, or the addresses of a network, between our finding them free and our server's using them. */
export class PlaceTakenError extends Error {
  override readonly name = 'PlaceTakenError';
}

const PLACE_ATTEMPTS = 3;

/** Repeats the work, which must choose ports and addresses anew, while another program is quicker; three times at most. */
export async function onFreePlaces<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PlaceTakenError) || attempt === PLACE_ATTEMPTS) throw error;
    }
  }
}

const TAKEN =
  /address already in use|EADDRINUSE|cannot bind|failed to bind|could not bind|port is already allocated|pool overlaps|overlapping IPv4/i;

/**
 * Says whether the words are those of somebody who found the port or the addresses taken.
 * @param words all that was said, where the message has less of it
 */
export function startError(message: string, words = message): Error {
  return TAKEN.test(words) ? new PlaceTakenError(message) : new Error(message);
}

/** Why a node that ended is not waited for. */
export const endError = (title: string, { cause, lastLogLines }: NodeEnd): Error =>
  startError(withLog(`${title} ended with ${cause}`, lastLogLines), [cause, ...lastLogLines].join('\n'));

export class RunningService<Control extends ServiceControl = ServiceControl> {
  readonly plan: PlannedService<Control>;
  readonly nodes: readonly Node[];
  readonly #signal: AbortSignal;
  #control: Control | null = null;

  /** @param signal ends all waiting; its reason is then thrown */
  constructor(plan: PlannedService<Control>, nodes: readonly Node[], signal: AbortSignal) {
    this.plan = plan;
    this.nodes = nodes;
    this.#signal = signal;
  }

  /** @throws Error before the start */
  get control(): Control {
    if (!this.#control) throw new Error(`${this.plan.name} has not been started`);
    return this.#control;
  }

  /** To be called when its nodes run for the first time. */
  async becomeReady(): Promise<void> {
    this.#meet();
    await this.#until('answers', () => this.control.answering());
    await this.control.establish?.();
    await this.untilReady();
    await everyOne(this.nodes.map((node) => node.confine()));
  }

  #meet(): void {
    this.#control = this.plan.control(this.nodes.map((node) => node.reachable));
  }

  /** @throws Error when it does not get ready in time, or when a node has ended */
  async untilReady(): Promise<void> {
    await this.#until('is ready', () => this.control.ready());
  }

  async #until(state: string, attempt: () => Promise<void>): Promise<void> {
    const unless = () => this.#whyNotWait();
    await until(`${this.plan.name} ${state}`, STATE_TIMEOUT_MS, attempt, { unless });
  }

  #whyNotWait(): Error | null {
    if (this.#signal.aborted) return this.#signal.reason;
    for (const { title, end } of this.nodes) if (end) return endError(title, end);
    return null;
  }

  /** A service of which a node has ended cannot be told of it first, but what is left of it sleeps all the same. */
  async freeze(): Promise<void> {
    if (this.#control && this.nodes.every(({ end }) => !end)) await this.control.beforeFreeze?.();
    await everyOne(this.nodes.map((node) => node.freeze()));
  }

  /** Resolves when the service is ready again. */
  async thaw(): Promise<void> {
    await everyOne(this.nodes.map((node) => node.thaw()));
    await this.#until('answers', () => this.control.answering());
    await this.control.afterThaw?.();
    await this.untilReady();
  }

  /**
   * Ends those of its nodes that run, and starts them with the data that they left, all at the same time. Resolves when the
   * service is ready.
   */
  async restart(...nodes: readonly Node[]): Promise<void> {
    await everyOne(nodes.map((node) => node.stop()));
    await everyOne(nodes.map((node) => node.startAgain(this.#signal)));
    this.#meet();
    await this.untilReady();
    await everyOne(nodes.map((node) => node.confine()));
  }
}

/** Starts services that do not need each other. Resolves when all are ready. */
export async function startTogether(
  services: readonly RunningService[],
  nodes: Nodes,
  signal: AbortSignal,
): Promise<void> {
  const plans = services.map(({ plan }) => plan);
  await nodes.start(plans, signal);
  await everyOne(services.map((service) => service.becomeReady()));
}

/** Never throws; gives what went wrong. */
export async function stopTogether(services: readonly RunningService[]): Promise<readonly Error[]> {
  const nodes = services.flatMap((service) => service.nodes);
  return await failuresOf(nodes.map((node) => node.stop()));
}
