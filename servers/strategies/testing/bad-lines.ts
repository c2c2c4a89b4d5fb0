/** Connections that break in the middle of an answer, or go dead without a word, between a store and one server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../infra/machine/until.ts';
import { BadNetwork } from './bad-network.ts';
import { type Bench, benchOf, newSid, type OpenForTest, outageTimeoutMs } from './kit.ts';
import { assertFailsInTime, assertWorksAgain } from './outages.ts';

const patienceMs = 15_000;

async function withBadNetwork(
  bench: Bench,
  work: (network: BadNetwork, opened: OpenForTest) => Promise<void>,
): Promise<void> {
  const [service, [endpoint]] = Object.entries(benchOf(bench).endpoints)[0] ?? ['', []];
  assert.ok(endpoint);
  const network = await BadNetwork.before(endpoint);
  const endpoints = { [service]: [{ ...endpoint, host: '127.0.0.1', port: network.port }] };
  const opened = await benchOf(bench).open({ endpoints, timeoutMs: outageTimeoutMs });
  try {
    await work(network, opened);
  } finally {
    await benchOf(bench).close(opened);
    await network.close();
  }
}

export function testBadLines(bench: Bench): void {
  test('connections that went dead without a word are given up, and new ones used', async () => {
    await withBadNetwork(bench, async (network, opened) => {
      const { store } = opened;
      const sid = newSid();
      await store.set(sid, { user: 'ann' });
      // As many operations at once as a pool may have connections.
      await Promise.all(Array.from({ length: 32 }, () => store.get(sid)));
      network.swallow();
      await assertFailsInTime('get', store.get(sid));
      await assertWorksAgain(opened);
      assert.deepEqual(await store.get(sid), { user: 'ann' });
    });
  });

  test('connections that break in the middle of an answer give an error or the right answer', async () => {
    await withBadNetwork(bench, async (network, { store }) => {
      const sessions = ['ann', 'bob', 'eve'].map(
        (user) => [newSid(), { user, text: `${user} `.repeat(3000) }] as const,
      );
      for (const [sid, session] of sessions) await store.set(sid, session);
      const wrong: string[] = [];
      const read = async (number: number): Promise<'answered' | 'failed'> => {
        const [sid, session] = sessions[number % sessions.length] ?? ['', {}];
        const found = await store.get(sid).catch(() => undefined);
        if (found === undefined) return 'failed';
        if (JSON.stringify(found) !== JSON.stringify(session)) wrong.push(JSON.stringify(found).slice(0, 60));
        return 'answered';
      };
      for (const bytes of [1, 10, 24, 25, 100, 1_000, 9_000]) {
        const { cuts } = network;
        network.cutAnswersAfter(bytes);
        const broken = [read(0), read(1)];
        await until('a line breaks', patienceMs, () => assert.ok(network.cuts > cuts));
        // On new lines, while the answers that the old ones owed may still be waited for.
        const after = [read(1), read(2)];
        await Promise.all([...broken, ...after]);
        await until('reads work again', patienceMs, async () => assert.equal(await read(2), 'answered'));
        assert.deepEqual(wrong, [], `after a cut at byte ${bytes}`);
      }
    });
  });
}
