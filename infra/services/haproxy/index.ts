/**
 * HAProxy 2.4 or newer in front of the apps.
 *
 * - Keep-alive on both sides; `http-reuse always` lets any request use any idle connection to its app, so that
 *   few connections carry all load. The apps keep idle connections far longer than HAProxy does (5 s), so none of
 *   them is closed under a request.
 * - No retries and no redispatch: a request reaches one app once, or fails and is seen to fail. A second
 *   sending would double the counts and could hide a lost session.
 * - `/session` has a backend of its own, so its count of requests holds nothing else; health checks are not
 *   requests of a frontend or a backend in HAProxy's counts.
 * - Time-outs are longer than any of the generator's: it is the generator that gives up, and says so.
 * - The first process serves nobody: it starts a worker that does, and another at each reload (master-worker mode), which
 *   takes the sockets over, so that no connection is refused meanwhile.
 * - `option http-no-delay` stays off: it is for programs that need each piece of a body at once, and costs
 *   packets; the small complete messages here leave at once either way.
 */

import { connect } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { counted } from '../../../record/counted.ts';
import type { ProgramNeed } from '../../machine/programs/program.ts';
import {
  defineService,
  type NodeContext,
  portOf,
  type ReachableNode,
  type ServiceControl,
} from '../definition.ts';
import { answersHttp } from '../health.ts';
import { connectionsWithin } from '../open-files.ts';

const QUESTION_TIMEOUT_MS = 2_000;
const SOCKET = 'admin.sock';

export const BALANCER_MEMORY_MIB = 256;

const server: ProgramNeed = {
  name: 'haproxy',
  candidates: ['haproxy'],
  tryOption: '-v',
  debianPackages: ['haproxy'],
  remedies: {
    debian: 'apt-get install haproxy',
    fedora: 'dnf install haproxy',
    macos: 'brew install haproxy',
    other: 'install HAProxy 2.4 or newer so that haproxy is on PATH',
  },
};

const settingsSchema = z.strictObject({
  affinity: z.enum(['none', 'cookie']),
  apps: z.array(z.strictObject({ host: z.string(), port: z.int() })).min(1),
});
type Settings = z.infer<typeof settingsSchema>;

const AFFINITY_COOKIE = 'SRV';

const serverName = (index: number): string => `app${index + 1}`;

/** What a client sends beside its own cookies to be served by that app, as the balancer itself would have it sent. @param app from 0 */
export const affinityCookie = (app: number): string => `${AFFINITY_COOKIE}=${serverName(app)}`;

function configuration(node: NodeContext, { affinity, apps }: Settings): string {
  const cookie = affinity === 'cookie';
  const servers = (backend: 'sessions' | 'other') =>
    apps.map(({ host, port }, index) => {
      const name = serverName(index);
      const check = backend === 'sessions' ? 'check' : `track sessions/${name}`;
      return `  server ${name} ${host}:${port} ${check}${cookie ? ` cookie ${name}` : ''}`;
    });
  return [
    'global',
    `  nbthread ${node.cores}`,
    `  maxconn ${connectionsWithin(node.openFiles, 2)}`,
    // Two balancers that share a port would share each other's requests; a taken port must be a mistake.
    '  noreuseport',
    `  stats socket ${path.posix.join(node.folders.run, SOCKET)} mode 600 level admin`,
    '',
    'defaults',
    '  mode http',
    '  timeout connect 5s',
    '  timeout client 120s',
    '  timeout server 120s',
    '  timeout queue 120s',
    '  timeout http-request 120s',
    '  timeout http-keep-alive 600s',
    '  timeout check 5s',
    '  option http-keep-alive',
    '  http-reuse always',
    '  retries 0',
    '',
    'frontend public',
    `  bind ${node.host}:${portOf(node)}`,
    '  use_backend sessions if { path /session }',
    '  default_backend other',
    '',
    'backend sessions',
    '  balance roundrobin',
    ...(cookie ? [`  cookie ${AFFINITY_COOKIE} insert indirect nocache httponly attr "SameSite=Lax"`] : []),
    '  option httpchk GET /ready',
    '  http-check expect status 200',
    '  default-server inter 1s fastinter 200ms downinter 200ms rise 1 fall 3',
    ...servers('sessions'),
    '',
    'backend other',
    '  balance roundrobin',
    // What else a client asks of its sessions, as their list, goes to the app that has them.
    ...(cookie ? ['  cookie SRV'] : []),
    ...servers('other'),
    '',
  ].join('\n');
}

/** One command to the statistics socket. */
function askSocket(node: ReachableNode, command: string): Promise<string> {
  const file = path.join(node.reach.runFolder, SOCKET);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(file);
    socket.setTimeout(QUESTION_TIMEOUT_MS, () =>
      socket.destroy(new Error(`${node.name}: no answer to "${command}"`)),
    );
    socket.on('connect', () => socket.write(`${command}\n`));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

/** One row of `show stat`: of a frontend, a backend or a server. */
type StatRow = Readonly<Record<string, string>>;

/** The answer to `show stat`: CSV whose first line, behind `# `, names the columns. */
export function parseStats(csv: string): readonly StatRow[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const columns = header.replace(/^# /, '').split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  });
}

/** Null when every app is up by a check that was answered; otherwise what is wrong. */
export function whyNotUp(rows: readonly StatRow[], apps: number): string | null {
  const servers = rows.filter((row) => row.pxname === 'sessions' && /^app\d+$/.test(row.svname ?? ''));
  const down = servers.filter((row) => row.status !== 'UP' || row.check_status !== 'L7OK');
  if (servers.length !== apps) return `HAProxy knows ${servers.length} of ${counted(apps, 'app')}`;
  if (down.length === 0) return null;
  return down
    .map(
      (row) =>
        `${row.svname} is ${row.status} (${row.check_status} ${row.check_code ?? ''} ${row.last_chk ?? ''})`,
    )
    .join(', ');
}

/** Requests to the session routes since HAProxy was started. */
export function sessionRequests(rows: readonly StatRow[]): number {
  const backend = rows.find((row) => row.pxname === 'sessions' && row.svname === 'BACKEND');
  const total = backend?.req_tot;
  if (!total) throw new Error("HAProxy's statistics lack the count of requests of the backend sessions");
  return Number(total);
}

/**
 * Requests to the session routes that HAProxy answered itself with a 5xx, since it held every app for down or got no answer:
 * responses of its own stand in the counters of the backend and of no server (management.txt, `hrsp_5xx`; 2.4 to 3.2).
 */
export function answeredByItself(rows: readonly StatRow[]): number {
  const sessions = rows.filter((row) => row.pxname === 'sessions');
  const fivexx = (of: readonly StatRow[]): number =>
    of.reduce((sum, row) => sum + Number(row.hrsp_5xx || 0), 0);
  const [own, ofApps] = [
    sessions.filter(({ svname }) => svname === 'BACKEND'),
    sessions.filter(({ svname }) => svname !== 'BACKEND'),
  ];
  return Math.max(0, fivexx(own) - fivexx(ofApps));
}

export interface BalancerCounts {
  /** Requests to the session routes. */
  readonly requests: number;
  /** Those of them that the balancer answered itself. */
  readonly answeredByItself: number;
}

/** A balancer that runs can be asked for its own count of requests, and told which apps get some. Apps count from 1. */
export interface BalancerControl extends ServiceControl {
  requests(): Promise<BalancerCounts>;
  /** Whom it sends to the app: everybody, or only those whom a cookie binds to it. */
  admit(app: number, who: 'everybody' | 'bound'): Promise<void>;
  /** One attempt: none of the app's requests is in flight. @throws Error with how many are */
  idle(app: number): Promise<void>;
  /** Process number of the worker that serves now, as the balancer sees it. */
  worker(): Promise<string>;
}

/** @throws Error where the balancer knows no such app, or says anything else than nothing */
async function setState(node: ReachableNode, app: number, state: 'ready' | 'drain'): Promise<void> {
  const answer = (await askSocket(node, `set server sessions/app${app} state ${state}`)).trim();
  if (answer !== '') throw new Error(`${node.name}: app${app} did not become ${state}: ${answer}`);
}

/** Requests of the app in flight. @throws Error where the balancer knows no such app */
export function inFlight(rows: readonly StatRow[], app: number): number {
  const row = rows.find(({ pxname, svname }) => pxname === 'sessions' && svname === `app${app}`);
  if (!row?.scur) throw new Error(`HAProxy's statistics lack the requests in flight of app${app}`);
  return Number(row.scur);
}

export function balancerControl(node: ReachableNode, apps: number): BalancerControl {
  const stats = async () => parseStats(await askSocket(node, 'show stat'));
  return {
    endpoints: [{ host: node.host, port: portOf(node) }],
    async answering() {
      await stats();
    },
    async ready() {
      const reason = whyNotUp(await stats(), apps);
      if (reason) throw new Error(reason);
    },
    async version() {
      const info = await askSocket(node, 'show info');
      return { product: 'HAProxy', version: /^Version: ([\d.]+)/m.exec(info)?.[1] ?? 'unknown' };
    },
    commands: async () => ({}),
    async requests() {
      const rows = await stats();
      return { requests: sessionRequests(rows), answeredByItself: answeredByItself(rows) };
    },
    admit: (app, who) => setState(node, app, who === 'everybody' ? 'ready' : 'drain'),
    async idle(app) {
      const left = inFlight(await stats(), app);
      if (left > 0) throw new Error(`${counted(left, 'request')} of app${app} in flight`);
    },
    async worker() {
      const pid = /^Pid: (\d+)/m.exec(await askSocket(node, 'show info'))?.[1];
      if (pid === undefined) throw new Error('HAProxy does not tell its process number');
      return pid;
    },
  };
}

export const haproxy = defineService({
  kind: 'haproxy',
  tier: 'balancer',
  image: 'haproxy:3.2',
  health: answersHttp('/ready'),
  settings: settingsSchema,
  configured: (settings) => ({
    programs: [server],
    ports: ['main'],
    plan: (node) => ({
      files: [{ folder: 'config', name: 'haproxy.cfg', content: configuration(node, settings) }],
      init: [],
      command: { program: 'haproxy', args: ['-W', '-db', '-f', `${node.folders.config}/haproxy.cfg`] },
      // SIGUSR1 would wait for connections to end by themselves.
      stopSignal: 'SIGTERM',
      // To SIGTERM it leaves the ending to the system. Nobody is connected any more when a container is stopped.
      containerStopSignal: 'SIGUSR1',
      killSignal: 'SIGKILL',
      // To the first process, which starts a worker with the new configuration; the worker before ends its requests.
      reloadSignal: 'SIGUSR2',
      unprivileged: true,
    }),
    control(nodes) {
      const [node] = nodes;
      if (!node || nodes.length > 1) throw new Error('there is one balancer, not more');
      return balancerControl(node, settings.apps.length);
    },
  }),
});
