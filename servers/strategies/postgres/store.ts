/** Sessions in a table of PostgreSQL. See docs/store-choices.md. */
import type pg from 'pg';
import { z } from 'zod';
import type { OpenStore, StoreContext } from '../../contract/store.ts';
import { atMost } from '../../lib/within.ts';
import { answer } from '../shared/answer.ts';
import { copyingInto } from './copy.ts';
import { createPool } from './pool.ts';
import { prepareTable } from './schema.ts';
import { postgresSessions } from './sessions.ts';
import { startSweeping } from './sweep.ts';
import { postgresIndex } from './user-index.ts';

const settingsSchema = z.strictObject({ unlogged: z.boolean().default(false) });

export default async function openPostgres(context: StoreContext): Promise<OpenStore> {
  const settings = settingsSchema.parse(context.settings);
  const pool = createPool(context);
  try {
    await prepareTable(pool, { ...settings, owners: context.userIndex !== null });
  } catch (error) {
    await atMost(context.timeoutMs, pool.end());
    throw error;
  }
  const sweeper = startSweeping(pool, context);
  return {
    store: {
      ...postgresSessions(pool, context),
      ...(context.userIndex && postgresIndex(pool, context)),
      clear: (callback) => answer(pool.query('TRUNCATE sessions'), callback),
      length: (callback) => answer(countAlive(pool), callback),
    },
    bulk: copyingInto(pool),
    ready: async () => {
      // An empty statement goes to the server and back, and counts as no statement there.
      await pool.query('-- ready?');
    },
    close: async () => {
      sweeper.stop();
      await atMost(context.timeoutMs, pool.end());
    },
  };
}

async function countAlive(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ alive: string }>(
    'SELECT count(*) AS alive FROM sessions WHERE expires > now()',
  );
  return Number(rows[0]?.alive ?? 0);
}
