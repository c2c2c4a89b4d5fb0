import assert from 'node:assert/strict';
import { test } from 'node:test';
import mysql from 'mysql2/promise';
import { until } from '../../../infra/machine/until.ts';
import { testStore } from '../contract-suite.ts';
import { type Endpoints, newSid, type StoreBench } from '../testing/kit.ts';
import { nowMs } from './schema.ts';
import open from './store.ts';
import { sweepStatements } from './sweep.ts';
import { topology } from './topology.ts';

async function withConnection<Result>(
  { database = [] }: Endpoints,
  work: (connection: mysql.Connection) => Promise<Result>,
): Promise<Result> {
  const { host = '', port = 0, user = '', password = '', database: name = '' } = database[0] ?? {};
  const connection = await mysql.createConnection({ host, port, user, password, database: name });
  try {
    return await work(connection);
  } finally {
    await connection.end();
  }
}

function testTable(bench: StoreBench): void {
  const sidsOf = async (connection: mysql.Connection): Promise<string[]> => {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('SELECT sid FROM sessions');
    return rows.map((row) => String(row.sid)).sort();
  };

  async function sweepRound(connection: mysql.Connection): Promise<void> {
    for (let range = 0; range < 64; range += 1) {
      for (const sql of sweepStatements(range)) await connection.query(sql);
    }
  }

  test('a round of sweeps removes what has expired and nothing else, whatever the ids look like', async (t) => {
    const brief = await bench.open(t, { ttlSeconds: 0.001 });
    const lasting = await bench.open(t);
    await lasting.store.clear();
    const odd = ['!', '-', 'ZZ', '_', 'z~', '~', 'ÿé', ' '];
    const kept = [...odd.map((sid) => `${sid}kept`), ...Array.from({ length: 100 }, newSid)];
    for (const sid of kept) await lasting.store.set(sid, { user: 'ann' });
    for (const sid of [...odd, ...Array.from({ length: 100 }, newSid)]) await brief.store.set(sid, {});
    await withConnection(bench.endpoints, async (connection) => {
      // The apps sweep too, and a range that one of them holds the lock for is passed over.
      await until('what has expired is gone', 20_000, async () => {
        await sweepRound(connection);
        assert.deepEqual(await sidsOf(connection), [...kept].sort());
      });
    });
  });

  test('a sweep is not counted as a statement of the operations', async (t) => {
    const { store } = await bench.open(t);
    await store.get(newSid());
    const before = await bench.services.commands();
    await withConnection(bench.endpoints, sweepRound);
    assert.deepEqual(await bench.services.commands(), before);
  });

  test('one app sweeps while the others skip their turn', async (t) => {
    const brief = await bench.open(t, { ttlSeconds: 0.001 });
    await brief.store.clear();
    await brief.store.set('another', {});
    await withConnection(bench.endpoints, (first) =>
      withConnection(bench.endpoints, async (second) => {
        await first.query(`DO GET_LOCK(CONCAT(DATABASE(), '.sessions.sweep'), 0)`);
        await sweepRound(second);
        assert.deepEqual(await sidsOf(second), ['another']);
        await first.query(`DO RELEASE_LOCK(CONCAT(DATABASE(), '.sessions.sweep'))`);
        await sweepRound(second);
        assert.deepEqual(await sidsOf(second), []);
      }),
    );
  });

  test('the app sweeps by itself', async (t) => {
    const brief = await bench.open(t, { ttlSeconds: 0.5 });
    await brief.store.clear();
    // In the first two ranges, so that the test need not wait for a whole round.
    for (const sid of ['-', '0']) await brief.store.set(sid, {});
    await until('the rows are gone', 20_000, () =>
      withConnection(bench.endpoints, async (connection) => assert.deepEqual(await sidsOf(connection), [])),
    );
  });
}

testStore(
  {
    name: 'mysql',
    topology,
    open,
    writeRaw: (endpoints, sid, text) =>
      withConnection(endpoints, async (connection) => {
        await connection.query(`INSERT INTO sessions (sid, data, expires) VALUES (?, ?, ${nowMs} + 600000)`, [
          sid,
          text,
        ]);
      }),
    clock: 'servers',
    expiresLateByMs: 0,
    exactLength: true,
    userIndex: {
      setFor: { replace: 1 },
      destroyFor: { delete: 1 },
      listByUser: { select: 1 },
      destroyByUser: { delete: 1 },
    },
  },
  { ownTests: testTable },
);
