/**
 * MySQL 8.4 or newer, and MariaDB 10.11 or newer.
 *
 * - Durability and everything else that this file does not name are as the server comes. Both flush InnoDB's log
 *   at each commit; MySQL also keeps a binary log and flushes that, MariaDB keeps none unless told. `flushLog` moves the
 *   flush of InnoDB's log to once a second, and leaves the binary log as it is.
 * - Half of the memory budget is InnoDB's buffer pool; the rest is for connections and the server itself.
 * - No account without a password: the template has none but the server's own, and the app's account is made by
 *   the start-up file.
 */
import type { RowDataPacket } from 'mysql2/promise';
import { z } from 'zod';
import type { ServerStrain, StrainCount } from '../../../record/strain.ts';
import { messageOf } from '../../machine/errors.ts';
import type { ProgramNeed, ProgramPlace } from '../../machine/programs/program.ts';
import {
  byTls,
  defineService,
  type Encryption,
  type Holding,
  type InitStep,
  type Knock,
  type NodeContext,
  plannedCertificate,
  portOf,
  type ReachableNode,
  sumHoldings,
  tlsFiles,
} from '../definition.ts';
import { answerTo, causesOf, knockAt } from '../knocking.ts';
import { onDisk } from '../room.ts';
import { textsOf, victimsIn } from '../tables.ts';

const APP = 'session';
const QUESTION_TIMEOUT_MS = 2_000;

const server: ProgramNeed = {
  name: 'mysqld',
  candidates: ['mysqld', 'mariadbd'],
  tryOption: '--version',
  debianPackages: ['mariadb-server-core'],
  remedies: {
    debian: 'apt-get install mariadb-server-core',
    fedora: 'dnf install mariadb-server',
    macos: 'brew install mysql',
    other: 'install MySQL 8.4 or MariaDB 10.11 or newer so that mysqld or mariadbd is on PATH',
  },
};

function programOf(node: NodeContext): ProgramPlace {
  const program = node.programs.mysqld;
  if (!program) throw new Error(`${node.name} was given no program named "mysqld"`);
  return program;
}

/** Where the packages' files are when they were unpacked elsewhere than under `/`. */
const baseFolder = (program: ProgramPlace) => (program.root ? [`--basedir=${program.root}/usr`] : []);

const settingsSchema = z.strictObject({
  /** When InnoDB's log of changes is flushed to the disk; it is written at each commit (`innodb_flush_log_at_trx_commit`). */
  flushLog: z.enum(['each-commit', 'each-second']).default('each-commit'),
  /** Whether it speaks TLS alone. Without, it is as the server comes: MySQL takes TLS and clear, MariaDB before 11.4 clear alone. */
  tls: z.boolean().default(false),
});
type MysqlSettings = z.infer<typeof settingsSchema>;

const configuration = (node: NodeContext, { flushLog, tls }: MysqlSettings) => `[mysqld]
${programOf(node).root ? `basedir=${programOf(node).root}/usr` : ''}
datadir=${node.folders.data}
bind-address=${node.host}
port=${portOf(node)}
loose-mysqlx=OFF
socket=${node.folders.run}/mysqld.sock
pid-file=${node.folders.run}/mysqld.pid
tmpdir=${node.folders.run}
secure-file-priv=${node.folders.run}
init-file=${node.folders.config}/accounts.sql
skip-name-resolve
max-connections=200
innodb-buffer-pool-size=${Math.floor(node.memoryMiB / 2)}M
character-set-server=utf8mb4
${flushLog === 'each-second' ? 'innodb-flush-log-at-trx-commit=2\n' : ''}${tls ? tlsLines(node) : ''}`;

const tlsLines = ({ folders }: NodeContext): string => `ssl-cert=${folders.config}/${tlsFiles.certificate}
ssl-key=${folders.config}/${tlsFiles.key}
ssl-ca=${folders.config}/${tlsFiles.certificate}
require-secure-transport=ON
`;

const accounts = (node: NodeContext) => `DROP USER IF EXISTS 'root'@'localhost';
CREATE DATABASE IF NOT EXISTS ${APP};
CREATE USER IF NOT EXISTS '${APP}'@'%' IDENTIFIED BY '${node.secret('password')}';
GRANT ALL ON ${APP}.* TO '${APP}'@'%';
`;

/** MariaDB's own script for this is a shell script around these files; the system tables are all that is needed of them. */
function mariadbTemplate(node: NodeContext, program: ProgramPlace): InitStep {
  const folders = program.root
    ? [`${program.root}/usr/share/mysql`, `${program.root}/usr/share/mariadb`]
    : ['mysql', 'mariadb'].flatMap((name) => [
        `/usr/share/${name}`,
        `/usr/local/share/${name}`,
        `${program.path.replace(/\/s?bin\/[^/]*$/, '')}/share/${name}`,
      ]);
  const script = (name: string) => ({
    firstOf: folders.flatMap((folder) => [`${folder}/mysql_${name}.sql`, `${folder}/mariadb_${name}.sql`]),
  });
  return {
    title: 'make the system tables',
    program: 'mysqld',
    args: [
      ...['--no-defaults', '--bootstrap', `--datadir=${node.folders.data}`, ...baseFolder(program)],
      ...[
        '--log-warnings=0',
        '--enforce-storage-engine=',
        '--max-allowed-packet=8M',
        '--net-buffer-length=16K',
      ],
    ],
    stdin: [
      {
        text: 'CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n',
      },
      script('system_tables'),
      script('performance_tables'),
      script('system_tables_data'),
      { text: "DELETE FROM global_priv WHERE User IN ('root', '');\n" },
    ],
    scope: 'template',
  };
}

function mysqlTemplate(node: NodeContext, program: ProgramPlace): InitStep {
  return {
    title: 'initialise the data folder',
    program: 'mysqld',
    args: [
      ...['--no-defaults', '--initialize-insecure', `--datadir=${node.folders.data}`, ...baseFolder(program)],
    ],
    scope: 'template',
  };
}

/** Statements by the app, prepared or not, as the server counts them under `Com_…`. */
const countedStatements = ['select', 'insert', 'update', 'delete', 'replace'];

/** Of its status, what tells of limits. MySQL does not tell of deadlocks there; MariaDB does. */
const countedLimits = {
  Connection_errors_max_connections: 'refusedConnections',
  Innodb_deadlocks: 'deadlocks',
} as const satisfies Readonly<Record<string, StrainCount>>;

export const limitCounts = (
  status: readonly { readonly name: string; readonly value: string }[],
): ServerStrain['counts'] =>
  Object.fromEntries(
    Object.entries(countedLimits).flatMap(([name, count]) =>
      status.filter((each) => each.name === name).map(({ value }) => [count, Number(value)]),
    ),
  );

/** Empty for statements that give no rows. */
type Query = (
  sql: string,
  values?: readonly unknown[],
  timeoutMs?: number,
) => Promise<readonly RowDataPacket[]>;

interface Login {
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

async function withConnection<Result>(
  node: ReachableNode,
  login: Login,
  work: (query: Query) => Promise<Result>,
): Promise<Result> {
  // Loaded when a server is asked: every command imports the services, and most ask none.
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({
    host: node.reach.host,
    port: portOf({ name: node.name, ports: node.reach.ports }),
    ...login,
    ...(node.certificate === undefined ? {} : { ssl: { ca: node.certificate } }),
    connectTimeout: QUESTION_TIMEOUT_MS,
  }).catch((cause: unknown) => {
    throw new Error(`${node.name}: ${messageOf(cause)}`, { cause });
  });
  try {
    return await work(async (sql, values = [], timeout = QUESTION_TIMEOUT_MS) => {
      const [rows] = await connection.query<RowDataPacket[]>({ sql, values: [...values], timeout });
      return Array.isArray(rows) ? rows : [];
    });
  } finally {
    connection.destroy();
  }
}

const appLogin = (password: string): Login => ({ user: APP, password, database: APP });

const ask = (
  node: ReachableNode,
  password: string,
  sql: string,
): Promise<readonly { readonly name: string; readonly value: string }[]> =>
  withConnection(node, appLogin(password), async (query) =>
    (await query(sql)).map((row) => ({ name: String(row.Variable_name), value: String(row.Value) })),
  );

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** Whatever tables the store made, as they stand in a statement. */
const tablesIn = async (query: Query): Promise<readonly string[]> =>
  (await query("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")).map((table) =>
    quoted(String(table[`Tables_in_${APP}`])),
  );

/** Of its status: bytes of InnoDB's log. */
const logWritten = 'Innodb_os_log_written';
/** Millions of rows are read for it, from the disk where they are more than memory holds. */
const COUNTING_TIMEOUT_MS = 120_000;

/** Sizes are as of the last look of InnoDB at its tables, so that it is made to look first. */
const askHolding = (node: ReachableNode, password: string): Promise<Holding> =>
  withConnection(node, appLogin(password), async (query) => {
    for (const table of await tablesIn(query)) await query(`ANALYZE TABLE ${table}`);
    const sizes = (await query('SHOW TABLE STATUS')).map(
      (row) => Number(row.Data_length) + Number(row.Index_length),
    );
    const [status] = await query(`SHOW GLOBAL STATUS WHERE Variable_name = '${logWritten}'`);
    return {
      memoryBytes: null,
      diskBytes: sizes.reduce((sum, bytes) => sum + bytes, 0),
      logBytes: status ? Number(status.Value) : null,
    };
  });

/** @param counted called for each statement that the server counts among those of the app */
const countRows = (node: ReachableNode, password: string, counted: () => void): Promise<number> =>
  withConnection(node, appLogin(password), async (query) => {
    let rows = 0;
    for (const table of await tablesIn(query)) {
      counted();
      const [row] = await query(`SELECT COUNT(*) AS found FROM ${table}`, [], COUNTING_TIMEOUT_MS);
      rows += Number(row?.found ?? 0);
    }
    return rows;
  });

const emptyTables = (node: ReachableNode, password: string): Promise<void> =>
  withConnection(node, appLogin(password), async (query) => {
    await query('SET FOREIGN_KEY_CHECKS = 0');
    for (const table of await tablesIn(query)) await query(`TRUNCATE TABLE ${table}`);
  });

const contentsOf = (node: ReachableNode, password: string): Promise<readonly string[]> =>
  withConnection(node, appLogin(password), async (query) => {
    const texts: string[] = [];
    for (const table of await tablesIn(query)) texts.push(...textsOf(await query(`SELECT * FROM ${table}`)));
    return texts;
  });

const overwriteIn = (
  node: ReachableNode,
  password: string,
  names: readonly string[],
  value: Buffer,
): Promise<number> =>
  withConnection(node, appLogin(password), async (query) => {
    let overwritten = 0;
    for (const table of await tablesIn(query))
      for (const { keyColumn, key, column } of victimsIn(await query(`SELECT * FROM ${table}`), names)) {
        await query(`UPDATE ${table} SET ${quoted(column)} = ? WHERE ${quoted(keyColumn)} = ?`, [value, key]);
        overwritten += 1;
      }
    return overwritten;
  });

/** Logins of examples, of images and of nobody. */
const guesses = [
  ['as root without a password', 'root', ''],
  ['as root with its name for a password', 'root', 'root'],
  ['as nobody', '', ''],
  ['as the app without a password', APP, ''],
  ['as the app with its name for a password', APP, APP],
] as const;

/** `ER_ACCESS_DENIED_ERROR` and its like. */
const knockAtMysql = (node: ReachableNode): Promise<readonly Knock[]> =>
  knockAt(
    node,
    guesses.map(([how, user, password]) => ({
      how,
      enter: () => withConnection(node, { user, password }, (query) => query('DO 1')),
    })),
    (error) => causesOf(error).some((each) => /ACCESS_DENIED|NOT_PRIVILEGED/.test(codeOf(each))),
  );

/** The bit of its capabilities by which a server offers TLS (`CLIENT_SSL`). */
const CLIENT_SSL = 0x0800;
/** Of its greeting: the head of a packet and the version of the protocol come before its own version, a text that ends with 0. */
const BEFORE_VERSION = 5;
/** Of its greeting, between its own version and the capabilities: the number of the connection, data for passwords, and a 0. */
const BEFORE_CAPABILITIES = 4 + 8 + 1;

/** The server speaks first. That it refuses what is in clear, it says to those alone whose password is right. */
async function encryptionOf(node: ReachableNode, password: string): Promise<Encryption> {
  const capabilitiesAt = (greeting: Buffer): number =>
    greeting.indexOf(0, BEFORE_VERSION) + 1 + BEFORE_CAPABILITIES;
  const enough = (greeting: Buffer): boolean =>
    greeting.length > BEFORE_VERSION &&
    greeting.indexOf(0, BEFORE_VERSION) > 0 &&
    greeting.length >= capabilitiesAt(greeting) + 2;
  const greeting = await answerTo(node, Buffer.alloc(0), enough);
  if (!enough(greeting)) throw new Error(`${node.name} does not say whether it takes TLS`);
  const offers = (greeting.readUInt16LE(capabilitiesAt(greeting)) & CLIENT_SSL) !== 0;
  const { certificate: _trusted, ...inClear } = node;
  const refusal: unknown = await withConnection(inClear, appLogin(password), (query) => query('DO 1')).then(
    () => null,
    (error: unknown) => error,
  );
  // MySQL says that TLS is required, and MariaDB 10.11 that access is denied: the password is right.
  const refused = causesOf(refusal).some((each) => /SECURE_TRANSPORT|ACCESS_DENIED/.test(codeOf(each)));
  return { node: node.name, tls: offers ? 'taken' : 'not taken', clear: refused ? 'refused' : 'taken' };
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** InnoDB gives a table space in extents, once it has 32 pages. */
const EXTENT_BYTES = 2 ** 20;
/** Pages are half to fully filled, MySQL keeps all writes in its binary log once more, and logs take their place. */
const room = onDisk((bytes) => 2.5 * bytes + 2 ** 29, EXTENT_BYTES);

export default defineService({
  kind: 'mysql',
  tier: 'store',
  image: 'mysql:9.7',
  health: {
    ask: (port) =>
      `$(command -v mysqladmin || command -v mariadb-admin) --no-defaults -h 127.0.0.1 -P ${port} ping >/dev/null 2>&1`,
    programs: [['mysqladmin', 'mariadb-admin']],
  },
  settings: settingsSchema,
  check: (_settings, count) =>
    count === 1 ? [] : [`count must be 1, not ${count}: nodes would not share data`],
  configured: (settings) => ({
    room,
    flushes: true,
    programs: [server],
    ports: ['main'],
    plan(node) {
      const program = programOf(node);
      return {
        files: [
          { folder: 'config', name: 'my.cnf', content: configuration(node, settings) },
          { folder: 'config', name: 'accounts.sql', content: accounts(node) },
          ...(settings.tls ? plannedCertificate(node.certificate()) : []),
        ],
        init: [
          /^maria/.test(program.resolvedName) ? mariadbTemplate(node, program) : mysqlTemplate(node, program),
        ],
        command: { program: 'mysqld', args: [`--defaults-file=${node.folders.config}/my.cnf`] },
        stopSignal: 'SIGTERM',
        containerStopSignal: 'SIGTERM',
        killSignal: 'SIGKILL',
        unprivileged: true,
      };
    },
    /** Questions are `DO` and `SHOW`, which the statements counted below do not include. */
    control(plain, secret, certificate) {
      const nodes = settings.tls ? byTls(plain, certificate()) : plain;
      const password = secret('password');
      // Statements of ours that the server counts among those of the app.
      let ownSelects = 0;
      const askAll = (sql: string) => Promise.all(nodes.map((node) => ask(node, password, sql)));
      const answering = async () => {
        await askAll('DO 1');
      };
      return {
        endpoints: nodes.map((node) => ({
          host: node.host,
          port: portOf(node),
          user: APP,
          password,
          database: APP,
          ...(node.certificate === undefined ? {} : { certificate: node.certificate }),
        })),
        answering,
        ready: answering,
        async version() {
          const shown =
            (await askAll("SHOW VARIABLES WHERE Variable_name = 'version'"))[0]?.[0]?.value ?? 'unknown';
          const product = /mariadb/i.test(shown) ? 'MariaDB' : 'MySQL';
          return { product, version: shown.split('-')[0] ?? shown };
        },
        async empty() {
          await Promise.all(nodes.map((node) => emptyTables(node, password)));
        },
        holding: async () => sumHoldings(await Promise.all(nodes.map((node) => askHolding(node, password)))),
        async entries() {
          const counts = await Promise.all(
            nodes.map((node) =>
              countRows(node, password, () => {
                ownSelects += 1;
              }),
            ),
          );
          return counts.reduce((sum, each) => sum + each, 0);
        },
        async contents() {
          return (await Promise.all(nodes.map((node) => contentsOf(node, password)))).flat();
        },
        async overwrite(names, value) {
          const counts = await Promise.all(nodes.map((node) => overwriteIn(node, password, names, value)));
          return counts.reduce((sum, each) => sum + each, 0);
        },
        async commands() {
          const names = countedStatements.map((name) => `'Com_${name}'`).join(', ');
          const rows = (await askAll(`SHOW GLOBAL STATUS WHERE Variable_name IN (${names})`)).flat();
          const counts = rows.map(
            ({ name, value }) => [name.replace(/^Com_/i, '').toLowerCase(), Number(value)] as const,
          );
          return Object.fromEntries(
            counts.map(([name, count]) => [name, name === 'select' ? count - ownSelects : count]),
          );
        },
        knock: async () => (await Promise.all(nodes.map(knockAtMysql))).flat(),
        encryption: () => Promise.all(nodes.map((node) => encryptionOf(node, password))),
        async strain() {
          const { product } = await this.version();
          const names = Object.keys(countedLimits).map((name) => `'${name}'`);
          const answers = await askAll(`SHOW GLOBAL STATUS WHERE Variable_name IN (${names.join(', ')})`);
          return nodes.map((node, index) => ({
            node: node.name,
            product,
            counts: limitCounts(answers[index] ?? []),
            memory: null,
          }));
        },
      };
    },
  }),
});
