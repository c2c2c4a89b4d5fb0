import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { testStore } from '../contract-suite.ts';
import { SessionMemory } from './session-memory.ts';
import { openMemoryStore } from './store.ts';
import { topology } from './topology.ts';

const generous = { entries: 1_000_000, characters: 1_000_000_000 };
/** Of the store that was opened last, which is the one that a test works with. */
let newest: SessionMemory | undefined;

testStore({
  name: 'sticky',
  topology,
  open: async (context) => {
    const memory = new SessionMemory(generous);
    newest = memory;
    return openMemoryStore(context, memory);
  },
  writeRaw: async (_endpoints, sid, text) => {
    assert.ok(newest?.set(sid, text, Number.MAX_SAFE_INTEGER));
  },
  clock: 'process',
  expiresLateByMs: 0,
  exactLength: true,
  userIndex: { setFor: {}, destroyFor: {}, listByUser: {}, destroyByUser: {} },
});

describe('the memory of sessions', () => {
  const later = 1000;

  test('refuses a new session when it has its number of entries, and goes on writing those it has', () => {
    const memory = new SessionMemory({ entries: 2, characters: 100 });
    assert.ok(memory.set('a', 'text', later));
    assert.ok(memory.set('b', 'text', later));
    assert.equal(memory.set('c', 'text', later), false);
    assert.ok(memory.set('a', 'other', later));
    assert.equal(memory.get('a', 0), 'other');
    memory.delete('b');
    assert.ok(memory.set('c', 'text', later));
  });

  test('refuses what does not fit into its characters, and keeps what was there', () => {
    const memory = new SessionMemory({ entries: 100, characters: 10 });
    assert.ok(memory.set('a', '12345', later));
    assert.ok(memory.set('b', '12345', later));
    assert.equal(memory.set('a', '123456', later), false);
    assert.equal(memory.get('a', 0), '12345');
    assert.ok(memory.set('a', '1', later));
    assert.ok(memory.set('b', '123456789', later));
  });

  test('counts characters right through sets, deletes, expiry and sweeps', () => {
    const memory = new SessionMemory({ entries: 100, characters: 10 });
    for (let round = 0; round < 50; round += 1) {
      assert.ok(memory.set('a', '12345', 10));
      assert.ok(memory.set('b', '12345', 10));
      if (round % 2 === 0) memory.sweep(10, 20);
      else assert.equal(memory.get('a', 20) ?? memory.get('b', 20), undefined);
    }
    memory.clear();
    assert.ok(memory.set('c', '1234567890', 10));
  });

  test('sweeps a bounded number of entries at a time, and in the end all that have expired', () => {
    const memory = new SessionMemory({ entries: 100, characters: 1000 });
    for (let number = 0; number < 100; number += 1)
      memory.set(`${number}`, 'x', number % 2 === 0 ? 10 : later);
    const full = (): boolean => !memory.set('one more', 'x', later);
    assert.ok(full());
    memory.sweep(1, 20);
    assert.ok(!full());
    for (let sweep = 0; sweep < 20; sweep += 1) memory.sweep(10, 20);
    assert.equal(memory.countAlive(20), 51);
    assert.equal(memory.countAlive(5), 51);
  });
});
