import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cluster, Redis } from 'ioredis';
import { until } from '../../../infra/machine/until.ts';
import { testStore } from '../contract-suite.ts';
import {
  type Endpoints,
  newSid,
  outageTimeoutMs,
  type StoreBench,
  type StoreKit,
  variantFor,
} from '../testing/kit.ts';
import open from './store.ts';
import { topology } from './topology.ts';

async function withCluster<Result>(
  { cluster: nodes = [] }: Endpoints,
  work: (cluster: Cluster) => Promise<Result>,
): Promise<Result> {
  const password = nodes[0]?.password;
  const cluster = new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    { redisOptions: { ...(password && { password }) } },
  );
  try {
    return await work(cluster);
  } finally {
    cluster.disconnect();
  }
}

/** Numbers of the servers, from 0, that have a session's slot: the master, then its replica. */
function serversOf(endpoints: Endpoints, sid: string): Promise<readonly number[]> {
  return withCluster(endpoints, async (cluster) => {
    const slot = Number(await cluster.cluster('KEYSLOT', `session:${sid}`));
    const ranges = await cluster.cluster('SLOTS');
    const [, , ...owners] =
      (Array.isArray(ranges) ? ranges : []).find(([from, to]) => from <= slot && slot <= to) ?? [];
    return owners.map((owner) => (endpoints.cluster ?? []).findIndex(({ port }) => port === owner[1]));
  });
}

const masterOf = async (endpoints: Endpoints, sid: string) => (await serversOf(endpoints, sid))[0] ?? -1;
const replicaOf = async (endpoints: Endpoints, sid: string) => (await serversOf(endpoints, sid))[1] ?? -1;

/** cluster-node-timeout, the election and a margin for a busy machine. */
const takeoverMs = 60_000;
const boundMs = outageTimeoutMs * 5;

/** One master dies: its replica takes over, and until then nobody gets a wrong answer or waits without end. */
function testFailover(bench: StoreBench): void {
  test('sessions of all masters are there again once a replica has taken over', async (t) => {
    const { store, open } = await bench.open(t, { timeoutMs: outageTimeoutMs });
    await store.clear();
    const sids = Array.from({ length: 60 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, { sid })));
    // Replication is asynchronous; this test is about takeover, not about the writes of the last moment.
    await until('replicas have what was written', 10_000, async () => {
      assert.equal(await store.length(), 60);
    });
    const victim = bench.services.servers[await masterOf(bench.endpoints, sids[0] ?? '')];
    assert.ok(victim);
    await bench.services.kill(victim);

    let answers = 0;
    await until('all sessions are readable again', takeoverMs, async () => {
      const startedAt = performance.now();
      const outcomes = await Promise.allSettled(sids.map((sid) => store.get(sid)));
      assert.ok(performance.now() - startedAt < boundMs, 'every get ended in time');
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status !== 'fulfilled') continue;
        assert.ok(outcome.value === null || outcome.value.sid === sids[index], 'never another session');
        answers += 1;
      }
      assert.ok(outcomes.every((outcome) => outcome.status === 'fulfilled'));
    });
    assert.ok(answers > 0);
    const found = await Promise.all(sids.map((sid) => store.get(sid)));
    assert.deepEqual(
      found,
      sids.map((sid) => ({ sid })),
    );
    await until('the store is ready', takeoverMs, () => open.ready());
    await Promise.all(sids.map((sid) => store.set(sid, { sid, again: true })));

    await bench.services.restart(victim);
    await until('every session is there after the old master came back', takeoverMs, async () => {
      for (const sid of sids) assert.deepEqual(await store.get(sid), { sid, again: true });
    });
  });
}

/** Numbers of the servers that are masters now, from 0. */
async function mastersOf({ cluster: nodes = [] }: Endpoints): Promise<readonly number[]> {
  const roles = await Promise.all(
    nodes.map(async ({ host, port, password = '' }) => {
      const redis = new Redis({ host, port, password });
      try {
        return (await redis.role())[0];
      } finally {
        redis.disconnect();
      }
    }),
  );
  return roles.flatMap((role, index) => (role === 'master' ? [index] : []));
}

/** Whether a client learns by itself that masters are back is drawn: of so many, some do not. */
const MANY = 20;

/** No replica takes over where no master is left to agree, and clients may be left with replicas that they never ask. */
function testAllMasters(bench: StoreBench): void {
  test('stores that are asked for nothing are ready again when all masters were away', async (t) => {
    const opened = await Promise.all(
      Array.from({ length: MANY }, () => bench.open(t, { timeoutMs: outageTimeoutMs })),
    );
    // One for each master, most likely, so that the client has a connection to lose.
    for (const { store } of opened)
      await Promise.all(Array.from({ length: 12 }, () => store.set(newSid(), {})));
    const masters = (await mastersOf(bench.endpoints)).map(
      (index) => bench.services.servers[index] ?? assert.fail(),
    );
    await Promise.all(masters.map((master) => bench.services.kill(master)));
    for (const { open } of opened)
      await until('the store sees that they are away', takeoverMs, () => assert.rejects(open.ready()));
    await bench.services.restart(...masters);
    for (const { open } of opened) await until('the store is ready', takeoverMs, () => open.ready());
  });
}

/** The server whose replica has a session, once the nodes know of it: one that was away may be back and not known yet. */
function replicaFor(bench: StoreBench, sid: string): Promise<number> {
  return until('the master is known to have a replica', takeoverMs, async () => {
    const replica = await replicaOf(bench.endpoints, sid);
    assert.ok(replica >= 0);
    return replica;
  });
}

/** Masters and replicas change places, and a master is without its replica: what it is told, its death would undo. */
function testReplication(bench: StoreBench): void {
  test('a write follows its session to another master', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await store.set(sid, { turn: 0 });
    const replica = await replicaFor(bench, sid);
    const { host = '', port = 0, password = '' } = bench.endpoints.cluster?.[replica] ?? {};
    const redis = new Redis({ host, port, password });
    t.after(() => redis.disconnect());
    await redis.cluster('FAILOVER');
    await until('the replica is the master', takeoverMs, async () =>
      assert.equal((await redis.role())[0], 'master'),
    );
    await store.set(sid, { turn: 1 });
    assert.deepEqual(await store.get(sid), { turn: 1 });
    await store.destroy(sid);
    assert.equal(await store.get(sid), null);
  });

  test('a write that no replica has fails, and reads go on', async (t) => {
    const { store } = await bench.open(t, { timeoutMs: outageTimeoutMs });
    await store.clear();
    const sids = Array.from({ length: 30 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, { sid })));
    const replica = bench.services.servers[await replicaFor(bench, sids[0] ?? '')] ?? assert.fail();
    await bench.services.kill(replica);
    const outcomes = await Promise.allSettled(sids.map((sid) => store.set(sid, { sid, again: true })));
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.match(String(failures[0]?.reason), /0 of 1 replicas have the write/);
    assert.ok(failures.length < sids.length, 'other masters have their replicas');
    for (const sid of sids) assert.equal((await store.get(sid))?.sid, sid);
    await bench.services.restart(replica);
    await until('writes have their copies again', takeoverMs, () =>
      Promise.all(sids.map((sid) => store.set(sid, { sid }))),
    );
  });
}

const kit: StoreKit = {
  name: 'redis-cluster',
  topology,
  open,
  writeRaw: (endpoints, sid, text) =>
    withCluster(endpoints, async (cluster) => {
      await cluster.set(`session:${sid}`, text, 'PX', 600_000);
    }),
  clock: 'servers',
  expiresLateByMs: 0,
  exactLength: true,
  userIndex: {
    setFor: { evalsha: 1, time: 1, zremrangebyscore: 1, zadd: 1, pexpire: 1, set: 1 },
    destroyFor: { zrem: 1, del: 1 },
    listByUser: { zrange: 1, get: 3 },
    destroyByUser: { zrange: 1, del: 3, zrem: 1 },
  },
};

testStore(kit, {
  ownTests(bench) {
    testFailover(bench);
    testAllMasters(bench);
  },
});

testStore(
  {
    ...kit,
    ...variantFor(kit, 'wait-1'),
    writesMayShowLate: true,
    userIndex: {
      setFor: { evalsha: 1, time: 1, zremrangebyscore: 1, zadd: 1, pexpire: 1, set: 1, wait: 2 },
      destroyFor: { zrem: 1, del: 1, wait: 1 },
      listByUser: { zrange: 1, get: 3 },
      destroyByUser: { zrange: 1, del: 3, zrem: 1, wait: 3 },
    },
  },
  { ownTests: testReplication },
);
