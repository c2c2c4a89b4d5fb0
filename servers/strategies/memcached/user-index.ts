/**
 * All sessions of a user ended in Memcached, which has no lists: each user has a generation, each session carries the one that it was
 * made in, and none counts whose generation is not the user's. Ending takes the generation away. A generation that was evicted ends the
 * user's sessions too: nothing lives that could not be ended. A read costs a second trip, since it learns the user from the first.
 */
import { randomBytes } from 'node:crypto';
import type { SessionStore, StoreContext, UserIndex } from '../../contract/store.ts';
import { answer } from '../shared/answer.ts';
import { decode, encode } from '../shared/json-session.ts';
import { exptime } from './exptime.ts';
import { keyOf, type Values } from './values.ts';

const generationKeyOf = (user: string): string => `user:${user}`;

/** What stands before the text of a session that is a user's; no JSON begins so. */
const owned = /^([\w-]{16}) ([\w-]{1,64}) /;

interface Owned {
  readonly generation: string;
  readonly user: string;
  readonly text: string;
}

function ownedIn(value: string): Owned | null {
  const [head, generation, user] = owned.exec(value) ?? [];
  if (head === undefined || generation === undefined || user === undefined) return null;
  return { generation, user, text: value.slice(head.length) };
}

const valueFor = ({ generation, user, text }: Owned): string => `${generation} ${user} ${text}`;

type Index = Pick<SessionStore, 'get' | 'update'> & Omit<UserIndex, 'listByUser'>;

export function memcachedIndex(
  values: Values,
  { log }: StoreContext,
  { lifetimeSeconds }: NonNullable<StoreContext['userIndex']>,
): Index {
  const expires = (): number => exptime(lifetimeSeconds, Date.now());
  const generationOf = (user: string) => values.get(generationKeyOf(user));

  /** The user's generation, which is made where there is none: the first of two that make one at once wins. */
  async function joined(user: string): Promise<string> {
    const found = await generationOf(user);
    if (found !== null) return found;
    await values.add(generationKeyOf(user), randomBytes(12).toString('base64url'), expires());
    const made = await generationOf(user);
    if (made === null) throw new Error('the generation of a user was evicted as soon as it was made');
    return made;
  }

  async function alive(value: string): Promise<string | null> {
    const own = ownedIn(value);
    if (own === null) return value;
    return (await generationOf(own.user)) === own.generation ? own.text : null;
  }

  async function find(sid: string) {
    const value = await values.get(keyOf(sid));
    const text = value === null ? null : await alive(value);
    return text === null ? null : decode(text, log);
  }

  async function keep(user: string, sid: string, text: string): Promise<void> {
    const generation = await joined(user);
    const key = keyOf(sid);
    // A generation lives for as long as any session that was made in it can.
    await Promise.all([
      values.set(key, valueFor({ generation, user, text })),
      values.touch(generationKeyOf(user), expires()),
    ]);
  }

  /** A write leaves a session in its generation: one that was ended meanwhile stays ended. */
  async function change(sid: string, text: string): Promise<boolean> {
    const value = await values.get(keyOf(sid));
    if (value === null) return false;
    const own = ownedIn(value);
    return await values.replace(keyOf(sid), own === null ? text : valueFor({ ...own, text }));
  }

  /** The one that stays goes on in a new generation. */
  async function end(user: string, except: string | null): Promise<null> {
    const kept = except === null ? null : ownedIn((await values.get(keyOf(except))) ?? '');
    const lives = kept?.user === user && kept.generation === (await generationOf(user));
    await values.delete(generationKeyOf(user));
    if (except !== null && lives) await keep(user, except, kept.text);
    // It has no list, so that nobody knows how many there were.
    return null;
  }

  return {
    get: (sid, callback) => answer(find(sid), callback),
    update: (sid, session, _changed, callback) => answer(change(sid, encode(session)), callback),
    setFor: (user, sid, session, callback) =>
      answer(keep(user, sid, encode(session)), (error) => callback(error)),
    destroyFor: (_user, sid, callback) => answer(values.delete(keyOf(sid)), (error) => callback(error)),
    destroyByUser: (user, except, callback) => answer(end(user, except), callback),
  };
}
