import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { until } from '../../../infra/machine/until.ts';
import type { SessionData } from '../../contract/store.ts';
import { testStore } from '../contract-suite.ts';
import { type Endpoints, newSid, type StoreBench, type StoreKit, variantFor } from '../testing/kit.ts';
import { promisedIndex } from '../testing/promised-store.ts';
import { createPool } from './pool.ts';
import open from './store.ts';
import { sweepSlice } from './sweep.ts';
import { topology } from './topology.ts';

async function withClient<Result>(
  { database = [] }: Endpoints,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { host, port, user, password, database: name } = database[0] ?? {};
  const client = new pg.Client({ host, port, user, password, database: name });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function assertHot(t: TestContext, bench: StoreBench, userIndex: boolean): Promise<void> {
  // A new table has no counts of earlier tests.
  await withClient(bench.endpoints, (client) => client.query('DROP TABLE sessions'));
  const { store, open } = await bench.open(t, { userIndex });
  const index = userIndex ? promisedIndex(open.store) : null;
  const write = (sid: string, data: SessionData) =>
    index ? index.setFor('ann', sid, data) : store.set(sid, data);
  const sids = Array.from({ length: 300 }, newSid);
  const session = (version: number) => ({ user: 'ann', version, text: 'x'.repeat(2000) });
  for (let version = 1; version <= 6; version += 1) {
    await Promise.all(sids.map((sid) => write(sid, session(version))));
  }
  // A backend reports its counts when a statement ends, at most once in a second: so each of the pool's gets statements.
  await until('the counts of updates have arrived', 15_000, async () => {
    await Promise.all(sids.map((sid) => store.get(sid)));
    const [counts] = await withClient(bench.endpoints, async (client) => {
      const { rows } = await client.query<{ updates: string; hot: string }>(
        `SELECT n_tup_upd AS updates, n_tup_hot_upd AS hot FROM pg_stat_user_tables WHERE relname = 'sessions'`,
      );
      return rows;
    });
    assert.equal(Number(counts?.updates), 5 * sids.length);
    assert.ok(Number(counts?.hot) >= 0.9 * 5 * sids.length, `${counts?.hot} of ${counts?.updates} were HOT`);
  });
}

function testTable(bench: StoreBench): void {
  for (const userIndex of [false, true])
    test(`updates are HOT, ${userIndex ? 'with' : 'without'} an index of users`, (t) =>
      assertHot(t, bench, userIndex));

  test('a sweep removes what has expired and nothing else, slice by slice', async () => {
    const text = 'x'.repeat(2000);
    const rows = (client: pg.Client) =>
      client
        .query<{ rows: string }>('SELECT count(*) AS rows FROM sessions')
        .then((all) => Number(all.rows[0]?.rows));
    await withClient(bench.endpoints, async (client) => {
      await client.query('TRUNCATE sessions');
      // Every other one has expired. No app is there that could sweep them first.
      await client.query(
        `INSERT INTO sessions SELECT format('%s', n), $1, now() + interval '1 hour' * (n % 2 * 2 - 1)
         FROM generate_series(1, 200) AS n`,
        [text],
      );
      let page = 0;
      const left: number[] = [];
      do {
        await client.query('BEGIN');
        page = await sweepSlice(client, page, { slices: 4, smallest: 1 });
        await client.query('COMMIT');
        left.push(await rows(client));
      } while (page !== 0);
      assert.ok(left.length > 2, 'it took several slices');
      assert.ok((left[0] ?? 0) > 100, 'the first slice left some');
      const kept = await client.query('SELECT 1 FROM sessions WHERE expires > now()');
      assert.deepEqual([left.at(-1), kept.rowCount], [100, 100]);
    });
  });

  test('a slice is read by a scan of its pages alone', async () => {
    await withClient(bench.endpoints, async (client) => {
      const plan = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT ctid FROM sessions
         WHERE ctid >= format('(%s,0)', 0::bigint)::tid AND ctid < format('(%s,0)', 64::bigint)::tid
           AND expires <= now() FOR UPDATE SKIP LOCKED`,
      );
      assert.match(plan.rows.map((row) => row['QUERY PLAN']).join('\n'), /Tid Range Scan/);
    });
  });

  test('one app sweeps while the others skip their turn', async () => {
    await withClient(bench.endpoints, (first) =>
      withClient(bench.endpoints, async (second) => {
        for (const client of [first, second]) await client.query('BEGIN');
        await sweepSlice(first, 0, { slices: 1, smallest: 1 });
        assert.equal(await sweepSlice(second, 7, { slices: 1, smallest: 1 }), 7);
        for (const client of [first, second]) await client.query('COMMIT');
      }),
    );
  });

  test('a connection that breaks in the hands of a sweep does not end the process', async () => {
    const pool = createPool({
      endpoints: bench.endpoints,
      settings: {},
      ttlSeconds: 600,
      timeoutMs: 10_000,
      instance: 1,
      userIndex: null,
      log: { warn: () => {} },
    });
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await withClient(bench.endpoints, (other) =>
      other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]),
    );
    await ended;
    client.release(true);
    await pool.end();
  });

  test('the app sweeps by itself', async (t) => {
    const brief = await bench.open(t, { ttlSeconds: 0.5 });
    await brief.store.clear();
    await brief.store.set(newSid(), {});
    await until('the row is gone', 15_000, () =>
      withClient(bench.endpoints, async (client) => {
        const { rowCount } = await client.query('SELECT 1 FROM sessions');
        assert.equal(rowCount, 0);
      }),
    );
  });
}

const kit: StoreKit = {
  name: 'postgres',
  topology,
  open,
  writeRaw: (endpoints, sid, text) =>
    withClient(endpoints, async (client) => {
      await client.query("INSERT INTO sessions VALUES ($1, $2, now() + interval '10 minutes')", [sid, text]);
    }),
  clock: 'servers',
  expiresLateByMs: 0,
  exactLength: true,
  userIndex: {
    setFor: { insert: 1 },
    destroyFor: { delete: 1 },
    listByUser: { select: 1 },
    destroyByUser: { delete: 1 },
  },
};

testStore(kit, { ownTests: testTable });

// What PostgreSQL keeps out of its log, it empties after a crash.
testStore({ ...kit, ...variantFor(kit, 'unlogged') });
