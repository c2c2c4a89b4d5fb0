import type { SessionStore } from '../../contract/store.ts';

type Reply<Result> = (error?: unknown, result?: Result) => void;

/** A reply that has come, with an error, after `ms` milliseconds; what comes later is dropped. */
function by<Result>(ms: number, reply: Reply<Result>): Reply<Result> {
  let open = true;
  const settle: Reply<Result> = (error, result) => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    reply(error, result);
  };
  const timer = setTimeout(() => settle(new Error(`no answer within ${ms} ms`)), ms);
  return settle;
}

/** For clients that try an operation again with a new time-out each time: all tries together take at most `ms`. */
export function withDeadline(
  { get, set, destroy, touch }: Required<Pick<SessionStore, 'get' | 'set' | 'destroy' | 'touch'>>,
  ms: number,
): SessionStore {
  return {
    get: (sid, reply) => get(sid, by(ms, reply)),
    set: (sid, session, reply) => set(sid, session, by(ms, reply)),
    destroy: (sid, reply) => destroy(sid, by(ms, reply)),
    touch: (sid, session, reply) => touch(sid, session, by(ms, reply)),
  };
}
