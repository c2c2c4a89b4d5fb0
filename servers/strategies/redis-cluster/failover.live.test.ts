/** One master dies: its replica takes over, and until then nobody gets a wrong answer or waits without end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Cluster } from 'ioredis';
import { until } from '../../../infra/machine/until.ts';
import { type Endpoints, newSid, type OpenForTest, outageTimeoutMs, StoreBench } from '../testing/kit.ts';
import open from './store.ts';
import { topology } from './topology.ts';

/** cluster-node-timeout, the election and a margin for a busy machine. */
const takeoverMs = 60_000;
const boundMs = outageTimeoutMs * 5;

/** Number of the server, from 0, that is the master of a session's slot. */
async function masterOf({ cluster: nodes = [] }: Endpoints, sid: string): Promise<number> {
  const password = nodes[0]?.password;
  const cluster = new Cluster(
    nodes.map(({ host, port }) => ({ host, port })),
    { redisOptions: { ...(password && { password }) } },
  );
  try {
    const slot = Number(await cluster.cluster('KEYSLOT', `session:${sid}`));
    const ranges = await cluster.cluster('SLOTS');
    const owner = (Array.isArray(ranges) ? ranges : []).find(([from, to]) => from <= slot && slot <= to);
    return nodes.findIndex(({ port }) => port === owner?.[2]?.[1]);
  } finally {
    cluster.disconnect();
  }
}

describe('a cluster that loses a master', () => {
  let bench: StoreBench;
  before(async () => {
    bench = await StoreBench.start({
      name: 'redis-cluster',
      topology,
      open,
      writeRaw: async () => {},
      durable: false,
      expiresLateByMs: 0,
      exactLength: true,
    });
  });
  after(() => bench?.stop());

  async function setMany({ store }: OpenForTest): Promise<readonly string[]> {
    const sids = Array.from({ length: 60 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, { sid })));
    return sids;
  }

  test('sessions of all masters are there again once the replica has taken over', async () => {
    const opened = await bench.open({ timeoutMs: outageTimeoutMs });
    const sids = await setMany(opened);
    // Replication is asynchronous; this test is about takeover, not about the writes of the last moment.
    await until('replicas have what was written', 10_000, async () => {
      assert.equal(await opened.store.length(), 60);
    });
    const victim = bench.services.servers[await masterOf(bench.endpoints, sids[0] ?? '')];
    assert.ok(victim);
    await bench.services.kill(victim);

    let answers = 0;
    await until('all sessions are readable again', takeoverMs, async () => {
      const startedAt = performance.now();
      const outcomes = await Promise.allSettled(sids.map((sid) => opened.store.get(sid)));
      assert.ok(performance.now() - startedAt < boundMs, 'every get ended in time');
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status !== 'fulfilled') continue;
        assert.ok(outcome.value === null || outcome.value.sid === sids[index], 'never another session');
        answers += 1;
      }
      assert.ok(outcomes.every((outcome) => outcome.status === 'fulfilled'));
    });
    assert.ok(answers > 0);
    const found = await Promise.all(sids.map((sid) => opened.store.get(sid)));
    assert.deepEqual(
      found,
      sids.map((sid) => ({ sid })),
    );
    await until('the store is ready', takeoverMs, () => opened.open.ready());
    await Promise.all(sids.map((sid) => opened.store.set(sid, { sid, again: true })));

    await bench.services.restart(victim);
    await until('every session is there after the old master came back', takeoverMs, async () => {
      for (const sid of sids) assert.deepEqual(await opened.store.get(sid), { sid, again: true });
    });
  });
});
