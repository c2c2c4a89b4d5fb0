/** Servers whose memory has no room for more. */
import type { Scene, Struck } from '../fault.ts';
import { storeServers } from './targets.ts';

export async function fillMemory(scene: Scene): Promise<Struck> {
  await scene.deployment.limitMemory('full');
  return {
    servers: storeServers(scene).map(({ name }) => name),
    heal: () => scene.deployment.limitMemory('planned'),
  };
}
