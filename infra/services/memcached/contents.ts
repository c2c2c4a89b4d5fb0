/**
 * What clients have put into a Memcached, and how it is spoilt, for checks of security. With SASL it speaks the binary protocol
 * alone, which lists no keys: it is asked for what it has under names, alone and behind each prefix that its statistics tell.
 */
import type { Client } from 'memjs';

type Question<Result> = (client: Client) => Promise<Result>;

/** Bytes of a key. */
const LONGEST_KEY = 250;
/** Seconds that a value lives which is put in place of another: its own deadline is not told. */
const OVERWRITTEN_LIFE = 600;

const detail = (client: Client, command: 'detail on' | 'detail dump'): Promise<string> =>
  new Promise((resolve, reject) => {
    client.statsWithKey(command, (error, _server, stats) =>
      error ? reject(error) : resolve(Object.values(stats ?? {}).join('\n')),
    );
  });

/** What stands before a colon in the keys that were used since the first question: from then on it counts by prefix. */
async function prefixesOf(client: Client): Promise<readonly string[]> {
  await detail(client, 'detail on');
  const told = await detail(client, 'detail dump');
  return ['', ...[...told.matchAll(/PREFIX (\S+) /g)].map(([, prefix]) => `${prefix}:`)];
}

async function under(
  client: Client,
  names: readonly string[],
): Promise<readonly (readonly [string, Buffer])[]> {
  const prefixes = await prefixesOf(client);
  const keys = prefixes
    .flatMap((prefix) => names.map((name) => prefix + name))
    .filter((key) => key !== '' && Buffer.byteLength(key) <= LONGEST_KEY);
  const found = await Promise.all(keys.map(async (key) => [key, (await client.get(key)).value] as const));
  return found.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

export const contentsUnder =
  (names: readonly string[]): Question<readonly string[]> =>
  async (client) =>
    (await under(client, names)).flatMap(([key, value]) => [key, value.toString('latin1')]);

export const overwriteUnder =
  (names: readonly string[], value: Buffer): Question<number> =>
  async (client) => {
    const found = await under(client, names);
    for (const [key] of found) await client.set(key, value, { expires: OVERWRITTEN_LIFE });
    return found.length;
  };
