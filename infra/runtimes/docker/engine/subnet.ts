/** Addresses for a network, which the engine chooses: it knows its other networks, the routes of the machine, and its settings. */
import { z } from 'zod';
import type { EngineClient } from './client.ts';
import type { Labels } from './owner.ts';

const inspected = z.object({
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().default('') })).nullish() }),
});

/**
 * A subnet that nothing uses. Engines give servers fixed addresses only in networks whose subnet was asked for, so it is taken
 * from a network that is made and removed again. Somebody else may be given it before it is used.
 * @param name of that network
 */
export async function freeSubnet(client: EngineClient, name: string, labels: Labels): Promise<string> {
  await client.ask('POST', '/networks/create', undefined, { Name: name, Driver: 'bridge', Labels: labels });
  try {
    const { IPAM } = await client.json(inspected, `/networks/${name}`);
    const subnet = IPAM.Config?.map(({ Subnet }) => Subnet).find((each) => each.includes('.'));
    if (subnet === undefined) throw new Error('the engine gives networks no IPv4 addresses');
    return subnet;
  } finally {
    await client.ask('DELETE', `/networks/${name}`);
  }
}
