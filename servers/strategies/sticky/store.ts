/** Sessions in the memory of this process, as text. See docs/store-choices.md. */
import type { OpenStore, SessionStore, StoreContext, UserIndex } from '../../contract/store.ts';
import { decode, encode } from '../shared/json-session.ts';
import { listed } from '../shared/listed.ts';
import { type Bounds, SessionMemory } from './session-memory.ts';

/** Of each MiB that the process may take: a million entries and 512 Mi characters where that is the usual 512. */
const boundsOfMiB = { entries: 1_000_000 / 512, characters: 2 ** 20 } as const;
const usualMiB = 512;
const sweepEveryMs = 1000;
const sweepEntries = 5_000;

const FULL = 'the memory for sessions is full; raise the bounds or end sessions';

export default async function openSticky(context: StoreContext): Promise<OpenStore> {
  const { memoryMiB = usualMiB } = context;
  const bounds: Bounds = {
    entries: Math.floor(memoryMiB * boundsOfMiB.entries),
    characters: memoryMiB * boundsOfMiB.characters,
  };
  return openMemoryStore(context, new SessionMemory(bounds));
}

/** For tests, which want small bounds and their own memory. */
export function openMemoryStore(context: StoreContext, memory: SessionMemory): OpenStore {
  const sweeper = setInterval(() => memory.sweep(sweepEntries, Date.now()), sweepEveryMs);
  sweeper.unref();
  return {
    store: memoryStore(context, memory),
    bulk: {
      fill: async (sessions, ttlSeconds) => {
        const expiresAt = Date.now() + ttlSeconds * 1000;
        for (const { key, session } of sessions)
          if (!memory.set(key, encode(session), expiresAt)) throw new Error(FULL);
      },
      held: () => memory.size,
    },
    ready: async () => {},
    close: async () => {
      clearInterval(sweeper);
      memory.clear();
    },
  };
}

function memoryStore(context: StoreContext, memory: SessionMemory): SessionStore {
  const { ttlSeconds, log } = context;
  const ttlMs = ttlSeconds * 1000;
  return {
    get(sid, callback) {
      const text = memory.get(sid, Date.now());
      callback(null, text === undefined ? null : decode(text, log));
    },
    set(sid, session, callback) {
      callback(refusal(memory.set(sid, encode(session), Date.now() + ttlMs)));
    },
    update(sid, session, _changed, callback) {
      const now = Date.now();
      if (memory.get(sid, now) === undefined) return callback(null, false);
      const kept = memory.set(sid, encode(session), now + ttlMs, memory.ownerOf(sid));
      callback(refusal(kept), kept);
    },
    destroy(sid, callback) {
      memory.delete(sid);
      callback();
    },
    touch(sid, _session, callback) {
      memory.prolong(sid, Date.now(), ttlMs);
      callback();
    },
    clear(callback) {
      memory.clear();
      callback();
    },
    length(callback) {
      callback(null, memory.countAlive(Date.now()));
    },
    ...(context.userIndex && memoryIndex(context, memory)),
  };
}

const refusal = (kept: boolean): Error | null => (kept ? null : new Error(FULL));

/** Of the sessions of this process alone. */
function memoryIndex({ ttlSeconds, log }: StoreContext, memory: SessionMemory): UserIndex {
  return {
    setFor(user, sid, session, callback) {
      callback(refusal(memory.set(sid, encode(session), Date.now() + ttlSeconds * 1000, user)));
    },
    destroyFor(_user, sid, callback) {
      memory.delete(sid);
      callback();
    },
    listByUser(user, callback) {
      callback(null, listed(memory.ownedBy(user, Date.now()), log));
    },
    destroyByUser(user, except, callback) {
      const ending = memory.ownedBy(user, Date.now()).filter(([sid]) => sid !== except);
      for (const [sid] of ending) memory.delete(sid);
      callback(null, ending.length);
    },
  };
}
