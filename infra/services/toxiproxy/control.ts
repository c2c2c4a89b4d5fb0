/** Gives orders to a Toxiproxy over HTTP. https://github.com/Shopify/toxiproxy#http-api */
import { z } from 'zod';
import { counted } from '../../../record/counted.ts';
import type { Network } from '../../runtimes/network.ts';
import { portOf, type ReachableNode, type ServiceControl } from '../definition.ts';

const QUESTION_TIMEOUT_MS = 5_000;
/** Beyond it every time-out of apps and stores has passed long since. */
const LONGEST_DELAY_MS = 60_000;

/** What Toxiproxy calls a thing that makes a way worse; named by its type and direction. */
interface Toxic {
  readonly type: 'latency' | 'timeout';
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** On the way to the server alone, so that a round trip is slower by just this. */
const late = (milliseconds: number): Toxic => ({
  type: 'latency',
  stream: 'upstream',
  attributes: { latency: milliseconds, jitter: 0 },
});

/** With a time-out of 0 the connection stays open, and what is sent is held for ever. */
const held = (stream: Toxic['stream']): Toxic => ({ type: 'timeout', stream, attributes: { timeout: 0 } });

const proxyIndex = z.record(z.string(), z.object({ enabled: z.boolean() }));

export interface NetworkControl extends ServiceControl, Network {}

/** @param proxies names of those that the process was started with */
export function proxyControl(node: ReachableNode, proxies: readonly string[]): NetworkControl {
  const ask = (method: 'GET' | 'POST', route: string, body?: object) => order(node, method, route, body);
  const everyProxy = async (one: (proxy: string) => Promise<unknown>) => {
    await Promise.all(proxies.map(one));
  };
  const add = (proxy: string, toxic: Toxic) => ask('POST', `/proxies/${proxy}/toxics`, toxic);
  const enable = (proxy: string, enabled: boolean) => ask('POST', `/proxies/${proxy}`, { enabled });
  const heal = async () => {
    await ask('POST', '/reset');
  };
  const answering = async () => {
    const known = Object.keys(proxyIndex.parse(JSON.parse(await ask('GET', '/proxies'))));
    if (known.length !== proxies.length)
      throw new Error(`${node.name} has ${known.length} of ${counted(proxies.length, 'proxy', 'proxies')}`);
  };
  return {
    // In the order of the servers.
    endpoints: proxies.map((proxy) => ({ host: node.host, port: portOf(node, proxy) })),
    answering,
    ready: answering,
    async version() {
      // Of 2.5.0 it looks like JSON, and is none.
      const version = /\d+\.\d+\.\d+/.exec(await ask('GET', '/version'))?.[0] ?? 'unknown';
      return { product: 'Toxiproxy', version };
    },
    commands: async () => ({}),
    async slow(milliseconds) {
      if (!(milliseconds >= 0 && milliseconds <= LONGEST_DELAY_MS))
        throw new RangeError(`a network is slower by 0 to ${LONGEST_DELAY_MS} ms, not by ${milliseconds}`);
      await heal();
      if (milliseconds > 0) await everyProxy((proxy) => add(proxy, late(milliseconds)));
    },
    async cut() {
      await heal();
      await everyProxy(async (proxy) => {
        await add(proxy, held('upstream'));
        await add(proxy, held('downstream'));
      });
    },
    async reset() {
      await heal();
      await everyProxy(async (proxy) => {
        await enable(proxy, false);
        await enable(proxy, true);
      });
    },
    heal,
  };
}

/** @throws Error with the answer where it is none of success */
async function order(node: ReachableNode, method: string, route: string, body?: object): Promise<string> {
  const port = portOf({ name: node.name, ports: node.reach.ports });
  const response = await fetch(`http://${node.reach.host}:${port}${route}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(QUESTION_TIMEOUT_MS),
  }).catch((cause: Error) => {
    const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
    throw new Error(`${node.name}: ${why}`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${node.name}: ${method} ${route} answers ${response.status}: ${text.trim()}`);
}
