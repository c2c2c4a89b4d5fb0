import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionStore } from '../contract/store.ts';
import { slowStore } from './slow-store.ts';

/** A store with state of its own that only its own methods reach, as stores from npm have. */
class PrivateStore implements SessionStore {
  readonly #called: string[] = [];
  get called(): readonly string[] {
    return this.#called;
  }
  get(_sid: string, done: (error: unknown, session?: null) => void): void {
    this.#called.push('get');
    done(null, null);
  }
  set(_sid: string, _session: unknown, done: (error?: unknown) => void): void {
    this.#called.push('set');
    done();
  }
  destroy(_sid: string, done: (error?: unknown) => void): void {
    this.#called.push('destroy');
    done();
  }
  clear(done: (error?: unknown) => void): void {
    this.#called.push('clear');
    done();
  }
}

test('each call of a request waits, and then the store itself is asked', () => {
  const store = new PrivateStore();
  const waited: number[] = [];
  const slow = slowStore(store, 40, (micros, goOn) => {
    waited.push(micros);
    goOn();
  });
  let answers = 0;
  const done = () => {
    answers += 1;
  };
  slow.get('s', done);
  // Only what the store does with it matters here, and it does nothing.
  slow.set('s', {} as Parameters<SessionStore['set']>[1], done);
  slow.destroy('s', done);
  assert.deepEqual([waited, answers], [[40, 40, 40], 3]);
  slow.clear?.(done);
  assert.equal(waited.length, 3, 'what the harness asks for between trials does not wait');
  assert.deepEqual(store.called, ['get', 'set', 'destroy', 'clear']);
  assert.equal(slow.touch, undefined, 'what the store lacks is lacking still');
});

test('a wait takes time and no CPU time to speak of, and long ones hold up nobody', async () => {
  const store = new PrivateStore();
  const short = slowStore(store, 1500);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  for (let call = 0; call < 50; call += 1) short.get('s', () => {});
  const { user, system } = process.cpuUsage(cpu);
  const took = performance.now() - began;
  assert.ok(took >= 50, `${took} ms for 50 waits of 1.5 ms`);
  assert.ok((user + system) / 1000 < took / 2, `${(user + system) / 1000} ms of CPU time in ${took} ms`);

  const long = slowStore(store, 5000);
  const answers = Array.from({ length: 3 }, () => new Promise((resolve) => long.destroy('s', resolve)));
  assert.ok(!store.called.includes('destroy'), 'no call has gone to the store yet');
  await Promise.all(answers);
});

test('what the store throws after a wait is its answer', async () => {
  const throwing = new PrivateStore();
  throwing.get = () => {
    throw new Error('no connection');
  };
  const error = await new Promise((resolve) => slowStore(throwing, 3000).get('s', resolve));
  assert.match(String(error), /no connection/);
});
