/** What of a deployment somebody can reach who was told nothing of it. */
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Listener } from '../../../infra/runtimes/runtime.ts';
import { counted } from '../../../record/counted.ts';
import { type Check, limit, unknown, verdict } from '../check.ts';

export const serverLogin: Check = async (target) => {
  const knocks = await target.surface.knock();
  if (knocks.length === 0) return unknown('No server could be asked.');
  const wrong = knocks
    .filter(({ admitted }) => admitted)
    .map(({ node, how }) => `${node} lets in who comes ${how}.`);
  const nodes = new Set(knocks.map(({ node }) => node));
  return verdict(
    wrong,
    `${counted(knocks.length, 'attempt')} at ${[...nodes].join(', ')} without a secret, or with one that everybody tries: all refused.`,
  );
};

export const openPorts: Check = async (target) => {
  const listeners = await target.surface.listeners();
  if (listeners.length === 0) return unknown('Where the servers listen cannot be read.');
  const wide = listeners.filter(({ reach }) => reach === 'anywhere');
  const wrong = wide.map(
    ({ node, address, port }) =>
      `${node} listens on ${address}:${port}, where whoever reaches this machine reaches it.`,
  );
  // Nothing may stand on an address of this machine that others know, whatever the tables say.
  const [tried, answered] = await reachedFromOutside(listeners.filter(({ reach }) => reach === 'loopback'));
  wrong.push(...answered);
  const places = new Set(listeners.map(({ address }) => address));
  return verdict(
    wrong,
    `${counted(listeners.length, 'address', 'addresses')} of ${new Set(listeners.map(({ node }) => node)).size} servers, on ${[...places].join(', ')} alone; ${counted(tried, 'connection')} by the addresses that others know this machine by: none was taken.`,
  );
};

/** Tries the ports of loopback on the machine's other addresses. @returns how many, and a sentence for each that was taken */
async function reachedFromOutside(
  listeners: readonly Listener[],
): Promise<readonly [tried: number, answered: readonly string[]]> {
  const known = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  const pairs = known.flatMap(({ address }) => listeners.map((listener) => ({ address, listener })));
  const taken = await Promise.all(pairs.map(({ address, listener }) => isTaken(address, listener.port)));
  const answered = pairs.filter((_, at) => taken[at] === true);
  return [
    pairs.length,
    answered.map(({ address, listener: { node, port } }) => `${node} is reached on ${address}:${port}.`),
  ];
}

const CONNECT_MS = 1_000;

function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (taken: boolean): void => {
      socket.destroy();
      resolve(taken);
    };
    socket.setTimeout(CONNECT_MS, () => end(false));
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

export const storeTls: Check = async (target) => {
  const answers = await target.surface.encryption();
  if (answers.length === 0)
    return limit('There is no connection to a store, or its servers cannot be asked for TLS.');
  const alone = answers.filter(({ tls, clear }) => tls === 'taken' && clear === 'refused');
  if (alone.length === answers.length)
    return verdict(
      [],
      `${alone.map(({ node }) => node).join(', ')} speaks TLS alone: what comes in clear is refused. The apps trust its certificate and no other.`,
    );
  const taking = answers.filter(({ tls }) => tls === 'taken').map(({ node }) => node);
  return limit(
    taking.length === 0
      ? 'The servers of the store take no TLS as they are run here: sessions pass in clear, on loopback or the private network of this machine alone.'
      : `${taking.join(', ')} would take TLS; the apps connect in clear, on loopback or the private network of this machine alone.`,
  );
};
