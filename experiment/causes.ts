/** Why sessions were lost or refused, by name, from what servers, stores and dying processes said themselves. */
import type { UnexpectedExit } from '../infra/runtimes/runtime.ts';
import { counted, formatCount, nounFor } from '../record/counted.ts';
import { type Reason, type ReasonCode, reasonOf } from '../record/reasons.ts';
import type { ServerStrain, StoreFailure, Strain, StrainCount } from '../record/strain.ts';

/** What a limit did between two readings. A server that was started anew in between counts from then. */
export function strainBetween(before: Strain, after: Strain): Strain {
  const grown = (now: number, then = 0): number => (now >= then ? now - then : now);
  return {
    servers: after.servers.map((server) => {
      const earlier = before.servers.find(({ node }) => node === server.node);
      const counts = Object.entries(server.counts).map(([name, count]) => {
        // Object.entries gives string; the counts have no other keys.
        return [name, grown(count, earlier?.counts[name as StrainCount])];
      });
      return { ...server, counts: Object.fromEntries(counts) };
    }),
    failures: after.failures
      .map(({ reason, count }) => {
        const earlier = before.failures.find((each) => each.reason === reason);
        return { reason, count: grown(count, earlier?.count) };
      })
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count),
    diskFreeBytes: after.diskFreeBytes,
    unknown: [...new Set([...before.unknown, ...after.unknown])],
  };
}

/** In words of servers, and of the operating system, that mean one and the same. The first that fits counts. */
const knownWords: readonly (readonly [RegExp, ReasonCode])[] = [
  [/heap out of memory|invalid array length/i, 'heap-full'],
  [/no space left|disk (is )?full|ENOSPC|could not extend|quota exceeded|table .* is full/i, 'disk-full'],
  [/out of memory|\bOOM\b|memory for sessions is full|memory limit/i, 'memory-limit'],
  [/too many (clients|connections)|max number of clients|connection slots/i, 'connections-refused'],
  [/too large|max_allowed_packet/i, 'entry-too-large'],
];

const codeOf = (words: string): ReasonCode | null =>
  knownWords.find(([pattern]) => pattern.test(words))?.[1] ?? null;

const refusedWrites = (count: number): string =>
  `${counted(count, 'write')} ${nounFor(count, 'was', 'were')} refused`;

/** What each count of a server means, and what is said of it. */
const ofCounts: readonly (readonly [StrainCount, ReasonCode, (servers: string, count: number) => string])[] =
  [
    [
      'refusedForMemory',
      'memory-limit',
      (servers, count) => `the memory limit of ${servers} was reached: ${refusedWrites(count)}`,
    ],
    [
      'evicted',
      'evictions',
      (servers, count) => `${servers} evicted ${counted(count, 'session')} to make room`,
    ],
    [
      'tooLarge',
      'entry-too-large',
      (servers, count) => `${servers} found sessions too large: ${refusedWrites(count)}`,
    ],
    [
      'refusedConnections',
      'connections-refused',
      (servers, count) =>
        `${servers} had as many connections as allowed, and refused more, ${formatCount(count)} times`,
    ],
    [
      'expired',
      'expired-early',
      (servers, count) =>
        `${servers} ended ${counted(count, 'session')} that nobody had used for their idle life`,
    ],
    [
      'deadlocks',
      'deadlocks',
      (servers, count) => `${servers} gave up ${counted(count, 'transaction')} that waited for each other`,
    ],
  ];

/** Each cause once, the server's own count before a store's words for the same. */
export function causesOf(strain: Strain, exits: readonly UnexpectedExit[] = []): Reason[] {
  const found = [
    ...exits.flatMap(ofExit),
    ...ofCounts.flatMap(([count, code, words]) => ofServers(strain.servers, count, code, words)),
    ...ofDisk(strain.diskFreeBytes),
    ...ofFailures(strain.failures),
  ];
  return [...new Map(found.toReversed().map((reason) => [reason.code, reason])).values()].toReversed();
}

function ofServers(
  servers: readonly ServerStrain[],
  count: StrainCount,
  code: ReasonCode,
  words: (servers: string, count: number) => string,
): Reason[] {
  const met = servers.filter((server) => (server.counts[count] ?? 0) > 0);
  const [first] = met;
  if (!first) return [];
  const total = met.reduce((sum, server) => sum + (server.counts[count] ?? 0), 0);
  const names = `${met.map(({ node }) => node).join(', ')} (${first.product}${limitWords(met, count)})`;
  return [reasonOf(code, words(names, total))];
}

/** The limit stands beside what a full memory did. */
function limitWords(servers: readonly ServerStrain[], count: StrainCount): string {
  const limits = new Set(servers.flatMap(({ memory }) => (memory ? [memory.limitBytes] : [])));
  const [limit] = limits;
  if (limit === undefined || (count !== 'evicted' && count !== 'refusedForMemory')) return '';
  return `, ${Math.round(limit / 2 ** 20)} MiB of memory${servers.length > 1 ? ' each' : ''}`;
}

/** Databases take room in pieces of some MiB: with less than this they have met the end of it. */
const DISK_IS_FULL_BYTES = 32 * 2 ** 20;

function ofDisk(free: number | null): Reason[] {
  if (free === null || free >= DISK_IS_FULL_BYTES) return [];
  const words = `${Math.floor(free / 2 ** 20)} MiB are left on the disk that holds the data and logs of the servers`;
  return [reasonOf('disk-full', words)];
}

/** What is known by its meaning comes before what is quoted. */
function ofFailures(failures: readonly StoreFailure[]): Reason[] {
  const known = Map.groupBy(failures, ({ reason }) => codeOf(reason) ?? 'store-failed');
  const unnamed = known.get('store-failed');
  known.delete('store-failed');
  return [...known, ...(unnamed ? [['store-failed', unnamed] as const] : [])].map(([code, same]) =>
    reasonOf(code, failureWords(same)),
  );
}

function failureWords(failures: readonly StoreFailure[]): string {
  const total = failures.reduce((sum, { count }) => sum + count, 0);
  const times = total === 1 ? 'once' : `${formatCount(total)} times`;
  const most = failures.length > 1 ? ', most often' : '';
  return `the store failed ${times}${most} with "${(failures[0]?.reason ?? '').replaceAll('"', "'")}"`;
}

function ofExit({ service, cause, lastLogLines }: UnexpectedExit): Reason[] {
  const words = [cause, ...lastLogLines].find((line) => codeOf(line) !== null);
  const code = words === undefined ? null : codeOf(words);
  return code === null ? [] : [reasonOf(code, `${service} ended (${cause}): ${words?.trim()}`)];
}

/** A cause that may be there and is not told: where sessions were lost or refused, that is worth knowing. */
export function unknownCause(
  { unknown }: Strain,
  wrongOrRefused: boolean,
  causes: readonly Reason[],
): Reason[] {
  if (unknown.length === 0 || !wrongOrRefused || causes.length > 0) return [];
  return [
    reasonOf(
      'cause-unknown',
      `${unknown.join(', ')} did not tell of limits that were reached, so whether one is behind what was lost or refused is not known`,
    ),
  ];
}
