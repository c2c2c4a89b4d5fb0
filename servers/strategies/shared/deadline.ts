import type { SessionStore } from '../../contract/store.ts';
import { replyWithin } from '../../lib/reply-within.ts';

/** For clients that try an operation again with a new time-out each time: all tries together take at most `ms`. */
export function withDeadline(
  {
    get,
    set,
    destroy,
    touch,
    update,
  }: Required<Pick<SessionStore, 'get' | 'set' | 'destroy' | 'touch' | 'update'>>,
  ms: number,
): SessionStore {
  return {
    get: (sid, reply) => get(sid, replyWithin(ms, reply)),
    set: (sid, session, reply) => set(sid, session, replyWithin(ms, reply)),
    destroy: (sid, reply) => destroy(sid, replyWithin(ms, reply)),
    touch: (sid, session, reply) => touch(sid, session, replyWithin(ms, reply)),
    update: (sid, session, changed, reply) => update(sid, session, changed, replyWithin(ms, reply)),
  };
}
