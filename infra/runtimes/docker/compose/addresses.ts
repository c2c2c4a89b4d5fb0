/** Addresses of servers in the network of their deployment. */

const BITS = 32;

/**
 * The address of a server. The first address of a network is its own, the second the engine's, and the last reaches all.
 * @param subnet `172.20.0.0/16`
 * @param number of the server, from 1
 * @throws Error where the network has no room for so many
 */
export function addressIn(subnet: string, number: number): string {
  const [network = '', length = ''] = subnet.split('/');
  const size = 2 ** (BITS - Number(length));
  const offset = number + 1;
  if (!(offset < size - 1))
    throw new Error(
      `the engine's networks are too small: ${subnet} has no room for ${number} servers. Give larger ones with default-address-pools in its daemon.json.`,
    );
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [24, 16, 8, 0].map((shift) => Math.floor((first + offset) / 2 ** shift) % 256).join('.');
}
