/** Servers of a deployment that are none: they keep whether they run, and tell what was done to them. */
import { setTimeout } from 'node:timers/promises';
import type { BalancerActs, Server, Strategy } from '../../infra/runtimes/runtime.ts';

type Tell = (what: string) => void;

export class FakeServer implements Server {
  readonly name: string;
  readonly service: string;
  readonly tier: Server['tier'];
  isRunning = true;
  readonly #tell: Tell;
  readonly #diesWhenKilled: boolean;

  constructor(service: string, number: number, tier: Server['tier'], tell: Tell, diesWhenKilled: boolean) {
    this.name = `${service}-${number}`;
    this.service = service;
    this.tier = tier;
    this.#tell = tell;
    this.#diesWhenKilled = diesWhenKilled;
  }

  async kill(): Promise<void> {
    this.#tell(`kill ${this.name}`);
    if (this.#diesWhenKilled) this.isRunning = false;
  }

  /** Takes longer than the load that goes on meanwhile: whoever does not wait for it is seen not to. */
  async restart(): Promise<void> {
    await setTimeout(5);
    this.#tell(`restart ${this.name}`);
    this.isRunning = true;
  }

  async freeze(): Promise<void> {
    this.#tell(`freeze ${this.name}`);
  }

  async thaw(): Promise<void> {
    this.#tell(`thaw ${this.name}`);
  }
}

/** The strategy's, two apps and the balancer. @param immortal names of those that live on when they are killed */
export function fakeServers(
  { topology }: Strategy,
  tell: Tell,
  immortal: readonly string[],
): readonly FakeServer[] {
  const some = (service: string, count: number, tier: Server['tier']): FakeServer[] =>
    Array.from({ length: count }, (_, index) => {
      const dies = !immortal.includes(`${service}-${index + 1}`);
      return new FakeServer(service, index + 1, tier, tell, dies);
    });
  return [
    ...topology.services.flatMap(({ name, count }) => some(name, count, 'store')),
    ...some('app', 2, 'app'),
    ...some('balancer', 1, 'balancer'),
  ];
}

export const fakeBalancer = (tell: Tell): BalancerActs => ({
  drain: async (app) => tell(`drain ${app}`),
  admit: async (app) => tell(`admit ${app}`),
  reload: async () => tell('reload the balancer'),
});
