/** Sessions in one Redis server: one round trip for each operation. See docs/store-choices.md. */
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { decode } from '../shared/json-session.ts';
import { openOnServer } from '../shared/redis-server.ts';
import { addSession, redisSessions } from '../shared/redis-sessions.ts';

export default function openRedis(context: StoreContext): Promise<OpenStore> {
  return openOnServer(
    context,
    (redis) => redisSessions(redis, context),
    { command: 'GET', decode: (text) => decode(String(text), context.log) },
    addSession,
  );
}
