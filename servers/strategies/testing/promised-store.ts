/** A store's operations as promises, for tests. */
import assert from 'node:assert/strict';
import {
  type ListedSession,
  type SessionData,
  type SessionStore,
  userIndexOf,
  type ValuePath,
} from '../../contract/store.ts';

export interface PromisedStore {
  /** Null for a session that is not there, whichever way the store says so. */
  get(sid: string): Promise<SessionData | null>;
  set(sid: string, session: SessionData): Promise<void>;
  destroy(sid: string): Promise<void>;
  touch(sid: string, session: SessionData): Promise<void>;
  /** False where the session has ended. */
  update(sid: string, session: SessionData, changed: readonly ValuePath[]): Promise<boolean>;
  clear(): Promise<void>;
  length(): Promise<number>;
}

/** An index of users as promises. */
export interface PromisedIndex {
  setFor(user: string, sid: string, session: SessionData): Promise<void>;
  destroyFor(user: string, sid: string): Promise<void>;
  /** By the names of sessions. */
  listByUser(user: string): Promise<ReadonlyMap<string, SessionData>>;
  /** How many; null where the store cannot tell. */
  destroyByUser(user: string, except?: string): Promise<number | null>;
}

type Callback<Result> = (error?: unknown, result?: Result) => void;

function promised<Result>(start: (callback: Callback<Result>) => void): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    let calls = 0;
    start((error, result) => {
      calls += 1;
      assert.equal(calls, 1, 'a store must call back once');
      if (error) reject(error);
      else resolve(result);
    });
  });
}

export function promisedStore(store: SessionStore): PromisedStore {
  const { touch, update, clear, length } = store;
  assert.ok(
    touch && update && clear && length,
    'the strategies of this repository have touch, update, clear and length',
  );
  return {
    get: async (sid) => (await promised<SessionData | null>((done) => store.get(sid, done))) ?? null,
    set: async (sid, session) => void (await promised((done) => store.set(sid, session, done))),
    destroy: async (sid) => void (await promised((done) => store.destroy(sid, done))),
    touch: async (sid, session) => void (await promised((done) => touch.call(store, sid, session, done))),
    update: async (sid, session, changed) =>
      (await promised<boolean>((done) => update.call(store, sid, session, changed, done))) === true,
    clear: async () => void (await promised((done) => clear.call(store, done))),
    length: async () => (await promised<number>((done) => length.call(store, done))) ?? Number.NaN,
  };
}

export function promisedIndex(store: SessionStore): PromisedIndex {
  const index = userIndexOf(store) ?? assert.fail('the store keeps no index of users');
  return {
    setFor: async (user, sid, session) =>
      void (await promised((done) => index.setFor(user, sid, session, done))),
    destroyFor: async (user, sid) => void (await promised((done) => index.destroyFor(user, sid, done))),
    async listByUser(user) {
      const { listByUser } = index;
      assert.ok(listByUser, 'the store cannot list');
      const found = await promised<readonly ListedSession[]>((done) => listByUser(user, done));
      return new Map(found?.map(({ sid, session }) => [sid, session]));
    },
    destroyByUser: async (user, except) =>
      (await promised<number | null>((done) => index.destroyByUser(user, except ?? null, done))) ?? null,
  };
}
