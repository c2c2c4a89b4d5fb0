/**
 * What is known of a strategy from how its servers are built and set, and was not measured: what it loses through what,
 * whether it can be spread, how many connections it takes. Where a run has measured it, the measurement counts.
 */
import type { FailureEvent, Loss } from '../wishes/losses.ts';

export interface OnPaper {
  /** What a failure loses at most, without a copy elsewhere. */
  readonly alone: Readonly<Record<FailureEvent, Loss>>;
  /** The same where a second copy on another machine takes over; null: it cannot have one. */
  readonly withCopy: Readonly<Record<FailureEvent, Loss>> | null;
  readonly spread: Spread;
  /** Cores that one server process can use; null: as many as there are. */
  readonly cores: number | null;
  /** Connections that each app process opens to each server, and how many a server takes as it is set here. */
  readonly connections: { readonly perApp: number; readonly most: number };
  /** Sessions are on a disk too. */
  readonly onDisk: boolean;
  /** How all sessions of a user are ended; to stand in a sentence. Null: they cannot be. */
  readonly endsAllOfAUser: string | null;
}

/** `apps`: no servers of its own; `one`: one server holds all; `shards`: each server holds a part. */
export type Spread =
  | { readonly kind: 'apps' }
  | { readonly kind: 'one' }
  | { readonly kind: 'shards'; readonly fewest: number; readonly copies: number };

const appsSafe = { 'app-restart': 'none' } as const;
const lost = (storeRestart: Loss, powerCut: Loss, zone: Loss): OnPaper['alone'] => ({
  ...appsSafe,
  'store-restart': storeRestart,
  'power-cut': powerCut,
  zone,
});
const everywhere = (loss: Loss): OnPaper['alone'] => lost(loss, loss, loss);

/** A replica gets writes after they were answered. */
const late = everywhere('second');

const redis: OnPaper = {
  alone: everywhere('all'),
  withCopy: late,
  spread: { kind: 'one' },
  // Commands run in one thread.
  cores: 1,
  connections: { perApp: 1, most: 10_000 },
  onDisk: false,
  endsAllOfAUser: 'by a set of sessions for each user',
};
// It writes to its file before it answers, unless a flush takes long.
const everysec: OnPaper = { ...redis, alone: lost('second', 'second', 'all'), onDisk: true };
const always: OnPaper = { ...redis, alone: lost('none', 'none', 'all'), onDisk: true };
const cluster: OnPaper = {
  ...redis,
  alone: late,
  withCopy: late,
  spread: { kind: 'shards', fewest: 3, copies: 2 },
};
const postgres: OnPaper = {
  alone: lost('none', 'none', 'all'),
  // A synchronous standby.
  withCopy: everywhere('none'),
  spread: { kind: 'one' },
  cores: null,
  connections: { perApp: 8, most: 200 },
  onDisk: true,
  endsAllOfAUser: 'by an index on the user',
};
const mysql: OnPaper = { ...postgres, connections: { perApp: 8, most: 151 } };

const known: Readonly<Record<string, OnPaper>> = {
  sticky: {
    alone: { 'app-restart': 'node', 'store-restart': 'none', 'power-cut': 'node', zone: 'all' },
    withCopy: null,
    spread: { kind: 'apps' },
    cores: null,
    connections: { perApp: 0, most: Number.POSITIVE_INFINITY },
    onDisk: false,
    endsAllOfAUser: 'by asking every app',
  },
  redis,
  valkey: redis,
  'redis-hash': redis,
  'redis@aof-everysec': everysec,
  'valkey@aof-everysec': everysec,
  'redis@aof-always': always,
  'valkey@aof-always': always,
  'redis-cluster': cluster,
  'redis-cluster@client-defaults': cluster,
  'redis-cluster@wait-1': cluster,
  memcached: {
    ...redis,
    withCopy: null,
    // Its threads.
    cores: 4,
    connections: { perApp: 1, most: 1024 },
    endsAllOfAUser: 'by a generation of each user, for which a read takes a second trip',
  },
  // What passes between app and store changes nothing of what is kept.
  'redis@tls': redis,
  'valkey@tls': redis,
  'postgres@tls': postgres,
  'mysql@tls': mysql,
  postgres,
  // A crash of the server loses what was not flushed yet.
  'postgres@async-commit': { ...postgres, alone: lost('second', 'second', 'all'), withCopy: late },
  // Neither in the log nor, therefore, on a standby.
  'postgres@unlogged': { ...postgres, alone: everywhere('all'), withCopy: null },
  mysql,
  'mysql@flush-each-second': { ...mysql, alone: lost('none', 'second', 'all'), withCopy: late },
};

/** Null of a strategy that the table does not know: what it keeps is then to be measured. */
export const onPaper = (strategy: string): OnPaper | null => known[strategy] ?? null;
