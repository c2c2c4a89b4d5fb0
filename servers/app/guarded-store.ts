/**
 * The same guard around every strategy's store: an operation answers once, within a bounded time, and its failure is
 * always a {@link StoreUnavailable}. @fastify/session takes an error with the code `ENOENT` for "no such session"; a
 * wrapped error has no code, so that no failure of a store looks like a logout.
 */
import { type SessionStore, type UserIndex, userIndexOf } from '../contract/store.ts';
import { messageOf } from '../lib/message-of.ts';
import { replyWithin } from '../lib/reply-within.ts';

/** The store failed or did not answer in time. Whether a write took effect is then unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

type StoreOperation = 'get' | 'set' | 'destroy' | 'touch' | 'update' | 'clear' | 'length' | keyof UserIndex;
type Callback<Result> = (error: unknown, result?: Result) => void;

export interface Guard {
  /** After so many milliseconds an operation has failed; an answer that comes later is dropped. */
  readonly timeoutMs: number;
  /** Called for every failure. */
  onFailure(failure: StoreUnavailable): void;
}

function bounded<Result>(
  guard: Guard,
  operation: StoreOperation,
  start: (callback: Callback<Result>) => void,
  done: Callback<Result>,
): void {
  const fail = (cause: unknown): void => {
    const failure = new StoreUnavailable(`${operation}: ${messageOf(cause)}`, { cause });
    guard.onFailure(failure);
    done(failure);
  };
  const answer = replyWithin<Result>(guard.timeoutMs, (error, result) =>
    error ? fail(error) : done(null, result),
  );
  try {
    start(answer);
  } catch (cause) {
    answer(cause ?? new Error('it threw nothing'));
  }
}

export function guardStore(store: SessionStore, guard: Guard): SessionStore {
  const { touch, update, clear, length } = store;
  const index = userIndexOf(store);
  return {
    get: (sid, done) => bounded(guard, 'get', (answer) => store.get(sid, answer), done),
    set: (sid, session, done) => bounded(guard, 'set', (answer) => store.set(sid, session, answer), done),
    destroy: (sid, done) => bounded(guard, 'destroy', (answer) => store.destroy(sid, answer), done),
    ...(touch && {
      touch: (sid, session, done) =>
        bounded(guard, 'touch', (answer) => touch.call(store, sid, session, answer), done),
    }),
    ...(update && {
      update: (sid, session, changed, done) =>
        bounded(guard, 'update', (answer) => update.call(store, sid, session, changed, answer), done),
    }),
    ...(index && guardIndex(index, guard)),
    ...(clear && { clear: (done) => bounded(guard, 'clear', (answer) => clear.call(store, answer), done) }),
    ...(length && {
      length: (done) => bounded(guard, 'length', (answer) => length.call(store, answer), done),
    }),
  };
}

const guardIndex = ({ listByUser, ...index }: UserIndex, guard: Guard): UserIndex => ({
  setFor: (user, sid, session, done) =>
    bounded(guard, 'setFor', (answer) => index.setFor(user, sid, session, answer), done),
  destroyFor: (user, sid, done) =>
    bounded(guard, 'destroyFor', (answer) => index.destroyFor(user, sid, answer), done),
  destroyByUser: (user, except, done) =>
    bounded(guard, 'destroyByUser', (answer) => index.destroyByUser(user, except, answer), done),
  ...(listByUser && {
    listByUser: (user, done) => bounded(guard, 'listByUser', (answer) => listByUser(user, answer), done),
  }),
});
