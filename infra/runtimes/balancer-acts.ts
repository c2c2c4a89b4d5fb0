/** What faults do to a balancer that runs, by the names of the servers behind it. */
import { until } from '../machine/until.ts';
import type { BalancerControl } from '../services/haproxy/index.ts';
import { only } from './plan.ts';
import type { RunningService } from './running-service.ts';
import type { BalancerActs } from './runtime.ts';

/** Requests end within the store's time-out, and a little later where the app waits. */
const DRAIN_TIMEOUT_MS = 5_000;
const RELOAD_TIMEOUT_MS = 10_000;

export function balancerActs(
  balancer: RunningService<BalancerControl>,
  apps: Pick<RunningService, 'nodes'>,
): BalancerActs {
  const numberOf = (app: string): number => {
    const index = apps.nodes.findIndex(({ name }) => name === app);
    if (index < 0) throw new Error(`the balancer has no app ${app}`);
    return index + 1;
  };
  return {
    async drain(app) {
      await balancer.control.admit(numberOf(app), 'bound');
      await until(`${app} has no request in flight`, DRAIN_TIMEOUT_MS, () =>
        balancer.control.idle(numberOf(app)),
      );
    },
    async admit(app) {
      await balancer.control.admit(numberOf(app), 'everybody');
      await balancer.untilReady();
    },
    async reload() {
      const before = await balancer.control.worker();
      await only(balancer.nodes).reload();
      await until('the balancer has a new worker', RELOAD_TIMEOUT_MS, async () => {
        if ((await balancer.control.worker()) === before) throw new Error('the worker is the one before');
      });
      await balancer.untilReady();
    },
  };
}
