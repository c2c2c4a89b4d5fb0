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
