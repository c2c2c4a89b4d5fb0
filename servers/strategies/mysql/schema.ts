/** The table of sessions. Two apps that start together may both send this: the server lets one wait for the other. */
export const createTable = `
  CREATE TABLE IF NOT EXISTS sessions (
    sid VARBINARY(255) NOT NULL PRIMARY KEY,
    data MEDIUMBLOB NOT NULL,
    expires BIGINT NOT NULL COMMENT 'milliseconds since 1970'
  ) ENGINE = InnoDB`;

/** The server's clock, which all apps share, in milliseconds since 1970. */
export const nowMs = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
