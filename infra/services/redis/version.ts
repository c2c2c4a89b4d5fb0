/** What Redis' and Valkey's `--version` says, and which settings follow from it. */

/**
 * From here on a cluster node refuses to start while its bus port is open to strangers, which without TLS it always is,
 * unless it is told that this is meant. 8.11.240 is how the first release candidate of 8.12 numbers itself
 * (redis/redis pull request 15722).
 */
const GUARDS_BUS_PORT = [8, 11, 240] as const;

/**
 * Whether it has the setting `cluster-bus-port-protected-mode`, and on. To others the setting is unknown, and an end: to
 * all of Valkey, and to Redis before. Late patches of 8.2 to 8.10 know it too, and have it off.
 * @param line of `--version`, such as `Redis server v=8.10.2 sha=00000000:0 …`; null where it is not known
 */
export function guardsBusPort(line: string | null): boolean {
  const version = /^Redis server v=(\d+)\.(\d+)\.(\d+)/.exec(line ?? '');
  if (!version) return false;
  for (const [index, first] of GUARDS_BUS_PORT.entries()) {
    const part = Number(version[index + 1]);
    if (part !== first) return part > first;
  }
  return true;
}
