/** The table of sessions. */

/**
 * Two apps that start together may both send this: the server lets one wait for the other. Binary columns: ids are
 * compared byte by byte, without a collation's rules, and neither side converts character sets. The deadline is a number,
 * free of time zones.
 */
export const createTable = `
  CREATE TABLE IF NOT EXISTS sessions (
    sid VARBINARY(255) NOT NULL PRIMARY KEY,
    data MEDIUMBLOB NOT NULL,
    expires BIGINT NOT NULL COMMENT 'milliseconds since 1970'
  ) ENGINE = InnoDB`;

/** The server's clock in milliseconds since 1970. */
export const nowMs = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

/**
 * Which user a session is of, and an index on it. `IF NOT EXISTS` is MariaDB's alone here: where the column is there already, the server says
 * {@link columnIsThere}, and another app has made it.
 */
export const addOwners = 'ALTER TABLE sessions ADD COLUMN owner VARBINARY(64) NULL, ADD KEY owner (owner)';
export const columnIsThere = 'ER_DUP_FIELDNAME';
