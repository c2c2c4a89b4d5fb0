/** Sessions in one Redis server, each as a hash: a write sends what has changed. See docs/store-choices.md. */
import type { Redis } from 'ioredis';
import type { OpenStore, SessionData, SessionStore, StoreContext } from '../../contract/store.ts';
import { messageOf } from '../../lib/message-of.ts';
import { answer } from '../shared/answer.ts';
import { warnMalformed } from '../shared/json-session.ts';
import { run } from '../shared/redis-scripts.ts';
import { openOnServer } from '../shared/redis-server.ts';
import { keyOf, ttlMsOf } from '../shared/redis-sessions.ts';
import { changedFields, type Fields, fieldsOf, sessionOf } from './fields.ts';
import { change, loadScripts, replace } from './scripts.ts';

export default function openRedisHash(context: StoreContext): Promise<OpenStore> {
  return openOnServer(
    context,
    async (redis) => {
      await loadScripts(redis);
      return hashSessions(redis, context);
    },
    { command: 'HGETALL', decode: (found) => sessionFrom(fieldsIn(found), context.log) },
    // By its text: a server that was started anew knows no digest, and there is no second try in a pipeline.
    (line, { key, session }, ttlMs) => line.eval(replace.text, 1, keyOf(key), ttlMs, ...fieldsOf(session)),
  );
}

function hashSessions(redis: Redis, context: StoreContext): SessionStore {
  const { log } = context;
  const ttlMs = ttlMsOf(context);
  return {
    get: (sid, callback) => answer(find(redis, sid, log), callback),
    set: (sid, session, callback) =>
      answer(run(redis, replace, keyOf(sid), [ttlMs, ...fieldsOf(session)]), (error) => callback(error)),
    update: (sid, session, changed, callback) =>
      answer(
        run(redis, change, keyOf(sid), [ttlMs, ...changedFields(session, changed)]).then(
          (found) => found === 1,
        ),
        callback,
      ),
    destroy: (sid, callback) => answer(redis.del(keyOf(sid)), (error) => callback(error)),
    touch: (sid, _session, callback) => answer(redis.pexpire(keyOf(sid), ttlMs), (error) => callback(error)),
  };
}

async function find(redis: Redis, sid: string, log: StoreContext['log']): Promise<SessionData | null> {
  const fields = await redis.hgetall(keyOf(sid)).catch((error: unknown) => {
    // Another program has put something else there.
    if (!messageOf(error).startsWith('WRONGTYPE')) throw error;
    return null;
  });
  if (fields !== null && Object.keys(fields).length === 0) return null;
  return sessionFrom(fields, log);
}

/** Name and value in turns, as scripts give a hash. */
function fieldsIn(found: unknown): Fields | null {
  if (!Array.isArray(found)) return null;
  const names = found.filter((_, index) => index % 2 === 0).map(String);
  return Object.fromEntries(names.map((name, index) => [name, String(found[2 * index + 1])]));
}

/** @param fields null where it is no hash */
function sessionFrom(fields: Fields | null, log: StoreContext['log']): SessionData | null {
  try {
    if (fields !== null) return sessionOf(fields);
  } catch {
    // Reported below, together with what is no hash.
  }
  warnMalformed(log, fields === null ? {} : { fields: Object.keys(fields).length });
  return null;
}
