/** Writes that count once replicas have them: each command and a `WAIT` behind it, in one round trip. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ChainableCommander, Cluster } from 'ioredis';
import type { ScriptRunner } from '../shared/redis-scripts.ts';
import type { RedisCommands } from '../shared/redis-sessions.ts';

export interface Replication {
  /** How many replicas must have a write. */
  readonly replicas: number;
  /** After so many milliseconds a write has failed. */
  readonly timeoutMs: number;
  /** Between two tries, while the slot of a session moves to another master. */
  readonly retryEveryMs: number;
}

type Add = (line: ChainableCommander) => ChainableCommander;
type Reply<Result> = (error: Error | null | undefined, result?: Result) => void;

/** The slot is another node's, or nobody's for a moment: nothing was written. */
const elsewhere = /^(MOVED|ASK|TRYAGAIN|CLUSTERDOWN)\b/;

export function replicatedWrites(
  cluster: Cluster,
  replication: Replication,
): Pick<RedisCommands, 'set' | 'del' | 'pexpire'> {
  const write = <Result>(add: Add, expected: (result: unknown) => result is Result, reply: Reply<Result>) => {
    writeAndWait(cluster, add, replication).then(
      (result) => (expected(result) ? reply(null, result) : reply(new Error(`unexpected: ${result}`))),
      (error: Error) => reply(error),
    );
  };
  function set(key: string, value: string, unit: 'PX', ms: number, reply: Reply<'OK'>): void;
  function set(
    key: string,
    value: string,
    unit: 'PX',
    ms: number,
    condition: 'XX',
    reply: Reply<'OK' | null>,
  ): void;
  function set(
    key: string,
    value: string,
    unit: 'PX',
    ms: number,
    ...rest: [Reply<'OK'>] | ['XX', Reply<'OK' | null>]
  ): void {
    if (rest.length === 1) write((line) => line.set(key, value, unit, ms), isOk, rest[0]);
    else write((line) => line.set(key, value, unit, ms, rest[0]), isOkOrNothing, rest[1]);
  }
  return {
    set,
    del: (key, reply) => write((line) => line.del(key), isCount, reply),
    pexpire: (key, milliseconds, reply) => write((line) => line.pexpire(key, milliseconds), isCount, reply),
  };
}

/** Scripts that write. */
export const replicatedScripts = (cluster: Cluster, replication: Replication): ScriptRunner => ({
  evalsha: (sha, keys, key, ...args) =>
    writeAndWait(cluster, (line) => line.evalsha(sha, keys, key, ...args), replication),
  eval: (text, keys, key, ...args) =>
    writeAndWait(cluster, (line) => line.eval(text, keys, key, ...args), replication),
});

const isOk = (result: unknown): result is 'OK' => result === 'OK';
const isOkOrNothing = (result: unknown): result is 'OK' | null => result === null || isOk(result);
const isCount = (result: unknown): result is number => typeof result === 'number';

/**
 * ioredis follows a slot to its new master where all commands of a pipeline fail alike. The `WAIT` does not, so that it is
 * done here.
 * @throws Error also where too few replicas have the write in time: whether it outlasts its master is then unknown
 */
async function writeAndWait(cluster: Cluster, add: Add, replication: Replication): Promise<unknown> {
  const { timeoutMs, retryEveryMs } = replication;
  const end = performance.now() + timeoutMs;
  for (;;) {
    const [written, waited] = (await linesOf(cluster, add, replication).exec()) ?? [];
    if (!written || !waited) throw new Error('the connection gave no answer');
    const error = written[0] ?? waited[0];
    if (!error) return expectReplicated(written[1], Number(waited[1]), replication);
    if (!elsewhere.test(error.message) || performance.now() > end) throw error;
    cluster.refreshSlotsCache();
    await pause(retryEveryMs);
  }
}

/** Half of the time is for the replicas, so that the answer comes before the connection is given up. */
const linesOf = (cluster: Cluster, add: Add, { replicas, timeoutMs }: Replication): ChainableCommander =>
  add(cluster.pipeline()).wait(replicas, Math.ceil(timeoutMs / 2));

function expectReplicated(result: unknown, have: number, { replicas }: Replication): unknown {
  if (have >= replicas) return result;
  throw new Error(`${have} of ${replicas} replicas have the write; its master alone may lose it`);
}
