/** Where processes listen, from Linux' /proc, and who can reach that. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { processTree } from './process-table.ts';

/** Who can reach an address: this machine alone, its private networks, or whoever reaches the machine. */
export type Reach = 'loopback' | 'private' | 'anywhere';

export interface Place {
  readonly address: string;
  readonly port: number;
  readonly reach: Reach;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** RFC 1918, 4193 (unique local), 3927 and 4291 (link local). */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  privateNetworks.addSubnet(network, bits, 'ipv4');
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

/** @param address of IPv4 or IPv6; `0.0.0.0` and `::` are all addresses of the machine */
export function reachOf(address: string): Reach {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (loopback.check(address, family)) return 'loopback';
  return privateNetworks.check(address, family) ? 'private' : 'anywhere';
}

/** States of sockets in the tables: a TCP socket that listens, and one of UDP that takes what anybody sends. */
const open = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' } as const;

interface Socket {
  readonly inode: string;
  readonly address: string;
  readonly port: number;
}

/**
 * Of a process and its descendants, in whatever network they are.
 * @throws the system's error where /proc does not show their files
 */
export function placesOfTree(root: number): readonly Place[] {
  const pids = processTree(root).map(({ pid }) => pid);
  const owned = new Set(pids.flatMap(socketsOf));
  const names = Object.keys(open) as (keyof typeof open)[];
  const sockets = names.flatMap((name) => parseSockets(tableOf(root, name), open[name]));
  const own = sockets.filter(({ inode }) => owned.has(inode));
  return own.map(({ address, port }) => ({ address, port, reach: reachOf(address) }));
}

/** Empty where the system has no such protocol. */
function tableOf(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Inodes of the sockets that a process holds. A process that has ended meanwhile holds none. */
function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return namesIn(folder).flatMap((name) => {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1];
    return inode === undefined ? [] : [inode];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    // Closed since the folder was read.
    return '';
  }
}

/** Rows of `/proc/net/tcp` and its like in one state; addresses are words of 32 bits in the order of the machine. */
export function parseSockets(table: string, state: string): readonly Socket[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((row) => {
      const [, local = '', , found, , , , , , inode] = row.trim().split(/\s+/);
      const [hex = '', port = ''] = local.split(':');
      if (found !== state || inode === undefined) return [];
      return [{ inode, address: addressOf(hex), port: Number.parseInt(port, 16) }];
    });
}

function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (words.length === 1) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => `${bytes[2 * at]}${bytes[2 * at + 1]}`);
  return short(groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':'));
}

/** The usual spelling of addresses that are mostly zeros. */
const short = (address: string): string =>
  address
    .replace(/^0:0:0:0:0:ffff:/, '::ffff:')
    .replace(/^(0:)+0$/, '::')
    .replace(/^(0:)+(?=\w+$)/, '::');
