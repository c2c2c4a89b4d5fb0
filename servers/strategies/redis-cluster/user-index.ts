/**
 * The sessions of a user in a cluster. The user's set is in a slot of its own, its sessions are in theirs: a read knows no user, so
 * that they cannot share one. What takes one trip on one server takes two here, to many masters at once.
 */
import type { Cluster } from 'ioredis';
import type { ListedSession, SessionStore, StoreContext, UserIndex } from '../../contract/store.ts';
import { answer } from '../shared/answer.ts';
import type { ScriptRunner } from '../shared/redis-scripts.ts';
import { keyOf, type RedisCommands } from '../shared/redis-sessions.ts';
import { indexKeyOf, type NoteRunner, notedSessions } from '../shared/redis-user-index.ts';

export interface ClusterIndexParts {
  readonly cluster: Cluster;
  /** Runs scripts that write. */
  readonly scripts: ScriptRunner;
  readonly commands: RedisCommands;
  readonly sessions: Pick<SessionStore, 'get' | 'set' | 'destroy'>;
  readonly settings: NonNullable<StoreContext['userIndex']>;
}

export function clusterIndex({
  cluster,
  scripts,
  commands,
  sessions,
  settings,
}: ClusterIndexParts): UserIndex {
  const namesOf = (user: string) => cluster.zrange(indexKeyOf(user), '0', '-1');
  const forget = async (user: string, sids: readonly string[]): Promise<void> => {
    if (sids.length > 0) await cluster.zrem(indexKeyOf(user), ...sids);
  };
  const end = async (user: string, except: string | null): Promise<number> => {
    const ending = (await namesOf(user)).filter((sid) => sid !== except);
    const ended: readonly number[] = await Promise.all(ending.map((sid) => deleted(commands, sid)));
    await forget(user, ending);
    return ended.reduce((sum, each) => sum + each, 0);
  };
  const list = async (user: string): Promise<readonly ListedSession[]> => {
    const found = await Promise.all((await namesOf(user)).map((sid) => read(sessions, sid)));
    await forget(
      user,
      found.filter(({ session }) => session === null).map(({ sid }) => sid),
    );
    return found.flatMap(({ sid, session }) => (session === null ? [] : [{ sid, session }]));
  };
  const runner: NoteRunner = {
    evalsha: (sha, keys, key, ...args) => scripts.evalsha(sha, keys, key, ...args),
    eval: (text, keys, key, ...args) => scripts.eval(text, keys, key, ...args),
    zrem: (key, sid) => cluster.zrem(key, sid),
  };
  return {
    ...notedSessions(runner, sessions, settings),
    listByUser: (user, callback) => answer(list(user), callback),
    destroyByUser: (user, except, callback) => answer(end(user, except), callback),
  };
}

const deleted = (commands: RedisCommands, sid: string): Promise<number> =>
  new Promise((resolve, reject) => {
    commands.del(keyOf(sid), (error, count) => (error ? reject(error) : resolve(count ?? 0)));
  });

type Read = { readonly sid: string; readonly session: ListedSession['session'] | null };

const read = (sessions: Pick<SessionStore, 'get'>, sid: string): Promise<Read> =>
  new Promise((resolve, reject) => {
    sessions.get(sid, (error, session) =>
      error ? reject(error) : resolve({ sid, session: session ?? null }),
    );
  });
