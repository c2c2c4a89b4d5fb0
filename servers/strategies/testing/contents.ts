/** What checks of security ask of the servers: what they hold, and to hold something else. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newSid, type StoreBench } from './kit.ts';

export function testContents(bench: StoreBench): void {
  test('the servers tell a session that they hold, and one that was overwritten there is none', async (t) => {
    const { store } = await bench.open(t);
    const controls = bench.services.services.map(({ control }) => control);
    const contents = async (names: readonly string[]): Promise<readonly string[]> =>
      (await Promise.all(controls.map(async (each) => (await each.contents?.(names)) ?? []))).flat();
    const [sid, kept] = [newSid(), newSid()];
    // Some servers can tell only of what came after the first question.
    await contents([]);
    await store.set(sid, { user: `user of ${sid}` });
    await store.set(kept, { user: 'ann' });
    const told = await contents([sid, newSid()]);
    assert.ok(
      told.some((text) => text.includes(sid) && !text.includes('user of')),
      'the key',
    );
    assert.ok(
      told.some((text) => text.includes(`user of ${sid}`)),
      'the value',
    );
    const counts = await Promise.all(controls.map((each) => each.overwrite?.([sid], Buffer.from('null'))));
    assert.deepEqual(counts, [1]);
    assert.equal((await store.get(sid))?.user ?? null, null);
    assert.deepEqual(await store.get(kept), { user: 'ann' });
  });
}
