/** A population that nobody logs in, for a run that weighs what sessions take. */
import type { Topology } from '../../servers/contract/topology.ts';
import type { AppControl } from '../services/app/index.ts';
import { nothingTold, type ServiceControl, sumHoldings } from '../services/definition.ts';
import { affinityCookie } from '../services/haproxy/index.ts';
import { everyOne } from './gather.ts';
import type { Population } from './runtime.ts';

/** What is asked of a service. */
interface Asked<Control> {
  readonly control: Control;
}

/** @param liveMemory bytes that the apps hold once their garbage is gone */
export function populationOf(
  stores: readonly Asked<Pick<ServiceControl, 'holding' | 'entries' | 'tidy'>>[],
  app: Asked<Pick<AppControl, 'fill' | 'difference' | 'members' | 'held'>>,
  affinity: Topology['balancer']['affinity'],
  liveMemory: () => Promise<number>,
): Population {
  const all = stores.map(({ control }) => control);
  return {
    fill: (number, sessions) => app.control.fill(number, sessions),
    difference: (number, check) => app.control.difference(number, check),
    async tidy() {
      await everyOne(all.map(async (each) => each.tidy?.()));
      return await liveMemory();
    },
    async holding() {
      return sumHoldings(await Promise.all(all.map(async (each) => (await each.holding?.()) ?? nothingTold)));
    },
    async entries() {
      if (all.length === 0) return await app.control.held();
      let sum = 0;
      for (const each of all) {
        if (!each.entries) return null;
        sum += await each.entries();
      }
      return sum;
    },
    members: async (number, wanted) =>
      (await app.control.members(number, wanted)).map(({ user, cookies }) => ({
        user,
        cookies: affinity === 'cookie' ? `${cookies}; ${affinityCookie(number)}` : cookies,
      })),
  };
}
