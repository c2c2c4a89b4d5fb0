/** A rolling deploy: one app after the other gets no new users, ends, and is started again. */
import type { Scene, Struck } from '../fault.ts';
import { attempted } from './attempted.ts';
import { appServers } from './targets.ts';

export function rollingDeploy(scene: Scene): Promise<Struck> {
  const { deployment } = scene;
  const names = appServers(scene).map(({ name }) => name);
  return attempted(names, async () => {
    for (const name of names) {
      await deployment.balancer.drain(name);
      await deployment.restart([{ name }]);
      await deployment.balancer.admit(name);
    }
  });
}
