/** Removes expired rows, off the request path. See docs/store-choices.md. */
import type { StoreContext } from '../../contract/store.ts';
import type { Connections } from './connections.ts';
import { nowMs } from './schema.ts';

/** The base64url alphabet of session ids, in the order of its bytes: ids are spread over it evenly. */
const alphabet = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const batch = 500;
const shortestTickMs = 1_000;
const longestTickMs = 10_000;

/** The ids of one range. The first begins below all characters and the last ends above them: ids of other alphabets have one too. */
function rangeCondition(range: number): string {
  const from = range === 0 ? null : alphabet[range];
  const to = alphabet[range + 1];
  return [from && `sid >= '${from}'`, to && `sid < '${to}'`].filter(Boolean).join(' AND ');
}

/**
 * READ COMMITTED, so that InnoDB keeps no lock on rows that it looked at and did not delete. The lock's result is a
 * condition of the statement itself. `DELETE` with a join, which the server counts as `Com_delete_multi`, apart from
 * the operations' own `DELETE`.
 */
export function sweepStatements(range: number): readonly string[] {
  return [
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET @mine = GET_LOCK(CONCAT(DATABASE(), '.sessions.sweep'), 0)`,
    `DELETE sessions FROM sessions JOIN (
       SELECT sid FROM sessions WHERE @mine = 1 AND ${rangeCondition(range)} AND expires <= ${nowMs} LIMIT ${batch}
     ) AS expired USING (sid) WHERE sessions.expires <= ${nowMs}`,
    `DO IF(@mine = 1, RELEASE_LOCK(CONCAT(DATABASE(), '.sessions.sweep')), 0)`,
    'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  ];
}

function tickMsFor(ttlSeconds: number): number {
  return Math.min(longestTickMs, Math.max(shortestTickMs, (ttlSeconds * 1000) / 10 / alphabet.length));
}

export function startSweeping(connections: Connections, { ttlSeconds, log }: StoreContext): { stop(): void } {
  let range = 0;
  let busy = false;
  const tick = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      await connections.sequence(sweepStatements(range));
      range = (range + 1) % alphabet.length;
    } catch (error) {
      log.warn({ err: error }, 'expired sessions could not be removed; the next tick tries again');
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(tick, tickMsFor(ttlSeconds));
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
