/** The balancer reads its configuration anew without ending. */
import type { Scene, Struck } from '../fault.ts';

export async function reloadBalancer({ deployment }: Scene): Promise<Struck> {
  await deployment.balancer.reload();
  const servers = deployment.servers.filter(({ tier }) => tier === 'balancer').map(({ name }) => name);
  return { servers, heal: async () => {} };
}
