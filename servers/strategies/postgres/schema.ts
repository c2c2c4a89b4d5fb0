/** The table of sessions. */
import type pg from 'pg';

/** Per cent of a page that inserts fill. The rest is room for new versions of rows. docs/store-choices.md has the figures. */
const fillFactor = 70;

/** Bytes up to which a row stays in its page. docs/store-choices.md has the figures. */
const toastTupleTarget = 4096;

/** Any constant; all apps of a deployment must take the same lock. */
const schemaLock = 7_265_001;

/** COLLATE "C": ids are compared byte by byte, not by the rules of a language. EXTERNAL: never compressed. */
const createTable = (unlogged: boolean) => `
  CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE IF NOT EXISTS sessions (
    sid text COLLATE "C" PRIMARY KEY,
    data text NOT NULL,
    expires timestamptz NOT NULL
  ) WITH (fillfactor = ${fillFactor}, toast_tuple_target = ${toastTupleTarget});
  ALTER TABLE sessions ALTER COLUMN data SET STORAGE EXTERNAL;
`;

/**
 * Which user a session is of. No update changes it, so that updates stay HOT with this index as without. Sessions of nobody are not in it.
 */
const addOwners = `
  ALTER TABLE sessions ADD COLUMN IF NOT EXISTS owner text COLLATE "C";
  CREATE INDEX IF NOT EXISTS sessions_owner ON sessions (owner) WHERE owner IS NOT NULL;
`;

export interface TableSettings {
  /** Whether the table is kept out of the write-ahead log: a crash of the server then empties it. */
  readonly unlogged: boolean;
  /** Whether sessions are to be found by their users, too. */
  readonly owners: boolean;
}

/** Makes the table unless it is there. `IF NOT EXISTS` alone fails when two apps start together, hence the lock. */
export async function prepareTable(pool: pg.Pool, { unlogged, owners }: TableSettings): Promise<void> {
  const client = await pool.connect();
  const statements = `${createTable(unlogged)}${owners ? addOwners : ''}`;
  try {
    await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${schemaLock}); ${statements} COMMIT`);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
