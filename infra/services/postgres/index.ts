/**
 * PostgreSQL.
 *
 * - Durability and everything else that this file does not name are as the server comes: a commit is on disk
 *   before it is answered, unless `synchronousCommit` is off.
 * - Memory: a quarter of the budget as shared buffers, as its manual advises for a server of its own; the planner
 *   counts on three quarters as cache.
 * - `pg_stat_statements` counts statements, an independent count of what stores send; it is loaded in most
 *   production servers for the same reason.
 * - SCRAM over TCP for everybody; no unix socket. The cluster is initialised without a password and with
 *   all logins refused; roles are made in single-user mode, which reads them from its input.
 */
import type { Client } from 'pg';
import { z } from 'zod';
import { trustIn } from '../../../servers/contract/tls.ts';
import { messageOf } from '../../machine/errors.ts';
import type { ProgramNeed } from '../../machine/programs/program.ts';
import {
  byTls,
  defineService,
  type Encryption,
  type Knock,
  type NodeContext,
  nothingTold,
  plannedCertificate,
  portOf,
  type ReachableNode,
  sumHoldings,
  tlsFiles,
} from '../definition.ts';
import { answerTo, causesOf, knockAt } from '../knocking.ts';
import { onDisk } from '../room.ts';
import { type Row, textsOf, victimsIn } from '../tables.ts';
import { sharedMemory } from './shared-memory.ts';

const ADMIN = 'session_bench_admin';
const APP = 'session';
const QUESTION_TIMEOUT_MS = 2_000;

const need = (name: string): ProgramNeed => ({
  name,
  candidates: [name],
  tryOption: '--version',
  debianPackages: ['postgresql'],
  remedies: {
    debian: 'apt-get install postgresql',
    fedora: 'dnf install postgresql-server postgresql-contrib',
    macos: 'brew install postgresql@18',
    other: `install PostgreSQL 14 or newer so that ${name} is on PATH`,
  },
});

const settingsSchema = z.strictObject({
  /** `off`: a commit is answered before it is on disk. */
  synchronousCommit: z.enum(['on', 'off']).default('on'),
  /** Whether it speaks TLS, and that alone. */
  tls: z.boolean().default(false),
});
type PostgresSettings = z.infer<typeof settingsSchema>;

const configuration = (
  node: NodeContext,
  { synchronousCommit, tls }: PostgresSettings,
) => `# Only what differs from the server's own defaults.
listen_addresses = '${node.host}'
port = ${portOf(node)}
unix_socket_directories = ''
hba_file = '${node.folders.config}/pg_hba.conf'
max_connections = 200
shared_buffers = ${Math.floor(node.memoryMiB / 4)}MB
effective_cache_size = ${Math.floor((node.memoryMiB * 3) / 4)}MB
password_encryption = scram-sha-256
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = top
pg_stat_statements.track_utility = off
pg_stat_statements.save = off
# A failing statement may hold a session or a password; the log is copied into results.
log_min_error_statement = panic
${synchronousCommit === 'off' ? 'synchronous_commit = off\n' : ''}${tls ? tlsLines(node) : ''}`;

const tlsLines = ({ folders }: NodeContext): string => `ssl = on
ssl_cert_file = '${folders.config}/${tlsFiles.certificate}'
ssl_key_file = '${folders.config}/${tlsFiles.key}'
`;

const roles = (node: NodeContext) => `ALTER ROLE ${ADMIN} PASSWORD '${node.secret('admin password')}';
CREATE ROLE ${APP} LOGIN PASSWORD '${node.secret('password')}';
CREATE DATABASE ${APP} OWNER ${APP};
CREATE EXTENSION pg_stat_statements;
`;

/** Statements of the app on the table of sessions, by their first word. */
const countStatements = `
  SELECT lower(substring(query FROM '^\\s*(\\w+)')) AS command, sum(calls) AS calls
  FROM pg_stat_statements(true) AS s
  JOIN pg_roles ON pg_roles.oid = s.userid JOIN pg_database ON pg_database.oid = s.dbid
  WHERE rolname = '${APP}' AND datname = '${APP}'
    AND query ~* '^\\s*(select|insert|update|delete)\\M' AND query ~* '\\m(from|into|update)\\s+\\S*session'
  GROUP BY 1`;

/** Whatever tables the store made. */
const emptyTables = `DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tableowner = current_user
  LOOP EXECUTE format('TRUNCATE %I.%I CASCADE', t.schemaname, t.tablename); END LOOP;
END $$`;

/** Whatever tables the store made, as they stand in a statement. */
const listTables = `
  SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tableowner = current_user`;

async function tablesIn(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(listTables);
  return rows.map(({ name }) => name);
}

async function contentsOf(client: Client): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const table of await tablesIn(client))
    texts.push(...textsOf((await client.query<Row>(`SELECT * FROM ${table}`)).rows));
  return texts;
}

/** Rows that have one of the names of `$1` in any of their values. */
const rowsWith = (table: string): string =>
  `SELECT * FROM ${table} AS t WHERE EXISTS (SELECT FROM unnest($1::text[]) AS name WHERE position(name IN t::text) > 0)`;

async function overwriteIn(client: Client, names: readonly string[], value: Buffer): Promise<number> {
  let overwritten = 0;
  for (const table of await tablesIn(client)) {
    const { rows } = await client.query<Row>(rowsWith(table), [names]);
    for (const { keyColumn, key, column } of victimsIn(rows, names)) {
      // The bytes of a text are sent as they are: the server judges whether they are one.
      const sql = `UPDATE ${table} SET ${quoted(column)} = $1 WHERE ${quoted(keyColumn)} = $2`;
      await client.query(sql, [value, key]);
      overwritten += 1;
    }
  }
  return overwritten;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** It counts no connection that it refused and no write for which the disk was full: the stores' own failures tell of those. */
const deadlocksIn = ([row]: readonly { readonly deadlocks: string }[] = []) =>
  row ? { deadlocks: Number(row.deadlocks) } : {};

const countDeadlocks = `SELECT deadlocks FROM pg_stat_database WHERE datname = '${APP}'`;

/** The log's end is that of all databases, and nobody else writes. */
const askHolding = `
  SELECT pg_database_size(current_database())::text AS disk,
         pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text AS log`;

interface ToldHolding {
  readonly disk: string;
  readonly log: string;
}

/** Of whatever tables the store made. Its statistics would follow ten seconds behind. */
const countRows = `
  SELECT coalesce(sum((xpath('/row/rows/text()',
    query_to_xml(format('SELECT count(*) AS rows FROM %I.%I', schemaname, tablename), false, true, '')))[1]::text::bigint), 0)::text AS rows
  FROM pg_tables WHERE tableowner = '${APP}' AND schemaname NOT IN ('pg_catalog', 'information_schema')`;
/** Millions of rows are read for it, from the disk where they are more than memory holds. */
const COUNTING_TIMEOUT_MS = 120_000;

const holdingIn = (row: ToldHolding | undefined) =>
  row === undefined
    ? nothingTold
    : {
        ...nothingTold,
        diskBytes: Number(row.disk),
        logBytes: Number(row.log),
      };

async function withClient<Result>(
  node: ReachableNode,
  login: { readonly user: string; readonly password: string; readonly database: string },
  ask: (client: Client) => Promise<Result>,
  timeoutMs = QUESTION_TIMEOUT_MS,
): Promise<Result> {
  // Loaded when a server is asked: every command imports the services, and most ask none.
  const { default: pg } = await import('pg');
  const trust = trustIn(node);
  const client = new pg.Client({
    ...login,
    ...(trust ? { ssl: { ...trust } } : {}),
    host: node.reach.host,
    port: portOf({ name: node.name, ports: node.reach.ports }),
    connectionTimeoutMillis: QUESTION_TIMEOUT_MS,
    query_timeout: timeoutMs,
    application_name: 'session-bench',
  });
  // A connection that is lost while a question runs fails the question too.
  client.on('error', () => {});
  try {
    await client.connect();
    return await ask(client);
  } catch (cause) {
    throw new Error(`${node.name}: ${messageOf(cause)}`, { cause });
  } finally {
    await client.end().catch(() => {});
  }
}

/** Logins of examples, of images and of nobody. */
const guesses = [
  ['as the app without a password', APP, '', APP],
  ['as the app with its name for a password', APP, APP, APP],
  ['as postgres without a password', 'postgres', '', 'postgres'],
  ['as postgres with its name for a password', 'postgres', 'postgres', 'postgres'],
  ['as the administrator without a password', ADMIN, '', 'postgres'],
  ['as the administrator with a password that is none', ADMIN, 'none', 'postgres'],
] as const;

const knockAtPostgres = (node: ReachableNode): Promise<readonly Knock[]> =>
  knockAt(
    node,
    guesses.map(([how, user, password, database]) => ({
      how,
      enter: () => withClient(node, { user, password, database }, (client) => client.query('SELECT 1')),
    })),
    (error) => causesOf(error).some(isRefusal),
  );

/** Class 28 of its codes: invalid authorization. The client itself says so where the server asks for a password and it has none. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && /^28/.test(String(error.code))) || /client password must be/.test(error.message));

/** The request that a client makes before TLS: its length, and a number that is no version of the protocol. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

async function encryptionOf(node: ReachableNode): Promise<Encryption> {
  const answer = (await answerTo(node, SSL_REQUEST, ({ length }) => length > 0)).toString('latin1');
  if (answer !== 'S' && answer !== 'N') throw new Error(`${node.name} does not say whether it takes TLS`);
  const { certificate: _trusted, ...inClear } = node;
  const refusal: unknown = await withClient(
    inClear,
    { user: APP, password: 'none', database: APP },
    (client) => client.query('SELECT 1'),
  ).then(
    () => null,
    (error: unknown) => error,
  );
  // Of an entry for this host there is none but for TLS; with one, the password is refused.
  const refused = causesOf(refusal).some((each) => /no encryption|SSL off/.test(messageOf(each)));
  return {
    node: node.name,
    tls: answer === 'S' ? 'taken' : 'not taken',
    clear: refused ? 'refused' : 'taken',
  };
}

/** A table grows by up to 64 pages of 8 KiB at a time while rows are copied into it. */
const GRAIN_BYTES = 2 ** 19;
/** Pages are filled to 70 per cent, old versions of rows wait for the vacuum, and up to 1 GiB of log is kept (`max_wal_size`). */
const room = onDisk((bytes) => 2 * bytes + 2 ** 30, GRAIN_BYTES);

export default defineService({
  kind: 'postgres',
  tier: 'store',
  image: 'postgres:18',
  health: { ask: (port) => `pg_isready -q -h 127.0.0.1 -p ${port}`, programs: [['pg_isready']] },
  settings: settingsSchema,
  check: (_settings, count) =>
    count === 1 ? [] : [`count must be 1, not ${count}: nodes would not share data`],
  configured: (settings) => ({
    room,
    flushes: true,
    requirements: [sharedMemory],
    programs: [need('postgres'), need('initdb')],
    ports: ['main'],
    plan: (node) => ({
      files: [
        { folder: 'config', name: 'postgresql.conf', content: configuration(node, settings) },
        {
          folder: 'config',
          name: 'pg_hba.conf',
          content: `${settings.tls ? 'hostssl' : 'host'} all all all scram-sha-256\n`,
        },
        ...(settings.tls ? plannedCertificate(node.certificate()) : []),
      ],
      init: [
        {
          title: 'initialise the database cluster',
          program: 'initdb',
          args: [
            ...['-D', node.folders.data, '-U', ADMIN, '--auth=reject', '--no-sync', '--no-instructions'],
            ...['--encoding=UTF8', '--locale=C'],
          ],
          scope: 'template',
        },
        {
          title: 'make roles and database',
          program: 'postgres',
          args: ['--single', '-D', node.folders.data, '-c', 'log_min_error_statement=panic', 'postgres'],
          stdin: [{ text: roles(node) }],
          scope: 'node',
        },
      ],
      command: {
        program: 'postgres',
        args: ['-D', node.folders.data, '-c', `config_file=${node.folders.config}/postgresql.conf`],
      },
      stopSignal: 'SIGINT',
      containerStopSignal: 'SIGINT',
      killSignal: 'SIGQUIT',
      unprivileged: true,
    }),
    control(plain, secret, certificate) {
      const nodes = settings.tls ? byTls(plain, certificate()) : plain;
      const app = { user: APP, password: secret('password'), database: APP };
      const admin = { user: ADMIN, password: secret('admin password'), database: 'postgres' };
      const each = <Result>(login: typeof app, ask: (client: Client) => Promise<Result>) =>
        Promise.all(nodes.map((node) => withClient(node, login, ask)));
      const answering = async () => {
        await each(app, (client) => client.query('SELECT 1'));
      };
      return {
        endpoints: nodes.map((node) => ({
          host: node.host,
          port: portOf(node),
          ...app,
          ...(node.certificate === undefined ? {} : { certificate: node.certificate }),
        })),
        answering,
        ready: answering,
        async version() {
          const [shown] = await each(admin, (client) =>
            client.query<{ server_version: string }>('SHOW server_version'),
          );
          // Packagers add their own name: `15.20 (Debian 15.20-0+deb12u1)`.
          return {
            product: 'PostgreSQL',
            version: shown?.rows[0]?.server_version.split(' ')[0] ?? 'unknown',
          };
        },
        async commands() {
          const [counted] = await each(admin, (client) =>
            client.query<{ command: string; calls: string }>(countStatements),
          );
          return Object.fromEntries(
            (counted?.rows ?? []).map(({ command, calls }) => [command, Number(calls)]),
          );
        },
        async empty() {
          await each(app, (client) => client.query(emptyTables));
        },
        async holding() {
          const answers = await each(app, (client) => client.query<ToldHolding>(askHolding));
          return sumHoldings(answers.map(({ rows }) => holdingIn(rows[0])));
        },
        async entries() {
          // Not as the app, whose statements are counted.
          const counter = { ...admin, database: APP };
          const counts = await Promise.all(
            nodes.map((node) =>
              withClient(
                node,
                counter,
                (client) => client.query<{ rows: string }>(countRows),
                COUNTING_TIMEOUT_MS,
              ),
            ),
          );
          return counts.reduce((sum, { rows }) => sum + Number(rows[0]?.rows ?? 0), 0);
        },
        knock: async () => (await Promise.all(nodes.map(knockAtPostgres))).flat(),
        encryption: () => Promise.all(nodes.map(encryptionOf)),
        async contents() {
          return (await each(app, contentsOf)).flat();
        },
        async overwrite(names, value) {
          const counts = await each(app, (client) => overwriteIn(client, names, value));
          return counts.reduce((sum, count) => sum + count, 0);
        },
        async strain() {
          const answers = await each(admin, (client) => client.query<{ deadlocks: string }>(countDeadlocks));
          return nodes.map((node, index) => ({
            node: node.name,
            product: 'PostgreSQL',
            counts: deadlocksIn(answers[index]?.rows),
            memory: null,
          }));
        },
      };
    },
  }),
});
