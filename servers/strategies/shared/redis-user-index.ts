/**
 * The sessions of a user in Redis: beside them a sorted set for each user, of the names of sessions by the end of their absolute
 * life. A note may outlast its session, which a read of the list finds out and tidies; no session outlasts its note, since that
 * stays for as long as any session can live. See docs/store-choices.md.
 */
import type { Redis } from 'ioredis';
import type {
  ListedSession,
  SessionData,
  SessionStore,
  StoreContext,
  UserIndex,
} from '../../contract/store.ts';
import { answer } from './answer.ts';
import { run, type ScriptRunner, scriptOf } from './redis-scripts.ts';
import { keyPrefix } from './redis-sessions.ts';

export const indexKeyOf = (user: string): string => `user:${user}`;

/** Notes a session for its absolute life, in milliseconds, and forgets those whose life is over. */
const note = scriptOf(`
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return 1`);

/** Name and value in turns, as the command of the second argument reads them. What is of another type is passed over. */
const list = scriptOf(`
  local found = {}
  for _, sid in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    local value = redis.pcall(ARGV[2], ARGV[1] .. sid)
    local odd = type(value) == 'table' and value.err
    if value == false or (type(value) == 'table' and not odd and #value == 0) then
      redis.call('ZREM', KEYS[1], sid)
    elseif not odd then
      found[#found + 1] = sid
      found[#found + 1] = value
    end
  end
  return found`);

/** Ends all but the session of the second argument; gives how many there were. */
const end = scriptOf(`
  local ended = 0
  for _, sid in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if sid ~= ARGV[2] then
      ended = ended + redis.call('DEL', ARGV[1] .. sid)
      redis.call('ZREM', KEYS[1], sid)
    end
  end
  return ended`);

/** No session has it. */
const NOBODY = '';

type Sessions = Pick<SessionStore, 'set' | 'destroy'>;

/** How a strategy's values are read in the server, and what they are. */
export interface Reading {
  readonly command: 'GET' | 'HGETALL';
  /** @param value as the server gives it. @returns null where it is malformed */
  decode(value: unknown): SessionData | null;
}

/** What notes take; ioredis' `Redis` has it. */
export interface NoteRunner extends ScriptRunner {
  zrem(key: string, sid: string): Promise<unknown>;
}

/** Noting and forgetting, each in the same trip as what is done to the session itself: both are sent at once. */
export function notedSessions(
  redis: NoteRunner,
  { set, destroy }: Sessions,
  { lifetimeSeconds }: NonNullable<StoreContext['userIndex']>,
): Pick<UserIndex, 'setFor' | 'destroyFor'> {
  const lifetimeMs = Math.ceil(lifetimeSeconds * 1000);
  return {
    // A session whose note failed is one whose login failed: nobody has its id.
    setFor: (user, sid, session, callback) =>
      answer(
        Promise.all([
          run(redis, note, indexKeyOf(user), [sid, lifetimeMs]),
          promised((done) => set(sid, session, done)),
        ]),
        (error) => callback(error),
      ),
    destroyFor: (user, sid, callback) =>
      answer(
        Promise.all([redis.zrem(indexKeyOf(user), sid), promised((done) => destroy(sid, done))]),
        (error) => callback(error),
      ),
  };
}

export const promised = (start: (done: (error?: unknown) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));

/** On one server scripts see all sessions: one trip each, and nobody logs in between. */
export function serverIndex(
  redis: Redis,
  sessions: Sessions,
  settings: NonNullable<StoreContext['userIndex']>,
  { command, decode }: Reading,
): UserIndex {
  return {
    ...notedSessions(redis, sessions, settings),
    listByUser: (user, callback) =>
      answer(
        run(redis, list, indexKeyOf(user), [keyPrefix, command]).then((found) => inPairs(found, decode)),
        callback,
      ),
    destroyByUser: (user, except, callback) =>
      answer(run(redis, end, indexKeyOf(user), [keyPrefix, except ?? NOBODY]).then(Number), callback),
  };
}

function inPairs(found: unknown, decode: Reading['decode']): readonly ListedSession[] {
  const items: readonly unknown[] = Array.isArray(found) ? found : [];
  return items.flatMap((sid, index) => {
    const session = index % 2 === 0 ? decode(items[index + 1]) : null;
    return session === null ? [] : [{ sid: String(sid), session }];
  });
}

/** How many sessions there are, beside the sets of users. @throws Error */
export async function countSessions(redis: Pick<Redis, 'scanStream'>): Promise<number> {
  // A scan may give a key twice.
  const keys = new Set<string>();
  const batches: AsyncIterable<readonly string[]> = redis.scanStream({ match: `${keyPrefix}*`, count: 1000 });
  for await (const batch of batches) for (const key of batch) keys.add(key);
  return keys.size;
}
