/** The network between the apps and the strategy's servers, made worse for a while. */
import type { Network } from '../../../infra/runtimes/runtime.ts';
import type { Scene, Struck } from '../fault.ts';

/** @param worsen what is done to it; it is healed afterwards, also where that fails */
export async function onNetwork(
  { deployment }: Scene,
  worsen: (network: Network) => Promise<void>,
): Promise<Struck> {
  const { network } = deployment;
  if (network === null) throw new Error('the apps are connected to the servers without a proxy in between');
  try {
    await worsen(network);
  } catch (error) {
    await network.heal();
    throw error;
  }
  return { servers: [], heal: () => network.heal() };
}
