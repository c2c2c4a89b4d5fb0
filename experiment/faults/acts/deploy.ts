/** A rolling deploy: one app after the other gets no new users, ends, and is started again. */
import type { Scene, Struck } from '../fault.ts';
import { appServers } from './targets.ts';

export async function rollingDeploy(scene: Scene): Promise<Struck> {
  const { balancer, restart } = actsOf(scene);
  const apps = appServers(scene);
  for (const { name } of apps) {
    await balancer.drain(name);
    await restart([{ name }]);
    await balancer.admit(name);
  }
  return { servers: apps.map(({ name }) => name), heal: async () => {} };
}

const actsOf = ({ deployment }: Scene) => ({
  balancer: deployment.balancer,
  restart: (servers: Parameters<typeof deployment.restart>[0]) => deployment.restart(servers),
});
