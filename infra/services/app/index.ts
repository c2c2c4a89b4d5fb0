/** The app under test: Node.js running `servers/app/main.ts`, with a configuration file. */
import path from 'node:path';
import { z } from 'zod';
import {
  type AppConfig,
  type AppCounters,
  adminRoutes,
  appConfig,
  appCounters,
  type BulkCheck,
  type BulkFill,
  type BulkMembers,
  difference,
  type EndUser,
  endedSessions,
  held,
  liveMemory,
  type Member,
  members,
  sessionCount,
} from '../../../servers/contract/app.ts';
import type { Endpoint } from '../../../servers/contract/store.ts';
import type { Settings as StoreSettings } from '../../../servers/contract/topology.ts';
import type { ProgramNeed } from '../../machine/programs/program.ts';
import type { DeployOptions } from '../../runtimes/runtime.ts';
import {
  defineService,
  type NodeContext,
  portOf,
  type ReachableNode,
  type ServiceControl,
} from '../definition.ts';
import { answersHttp } from '../health.ts';
import { knockAt } from '../knocking.ts';
import type { Room } from '../room.ts';

const QUESTION_TIMEOUT_MS = 5_000;
/** Characters of an answer that a message shows: all of a problem's. */
const LONGEST_BODY = 1_000;

/** Of each app: Node.js' heap, code and buffers. */
export const APP_MEMORY_MIB = 512;

/**
 * For sessions that live in the apps themselves. The budget is the app's code and its garbage as well: beyond half of it the
 * heap may end before the sessions are there.
 */
export const appRoom = (apps: number): Room => ({
  in: 'memory',
  nodes: apps,
  grain: apps * HEAP_PAGE_BYTES,
  whenFull: 'writes are refused, or the app ends',
  closeAt: 0.5,
  need: (sessions, sessionBytes) => ({
    least: sessions * sessionBytes,
    likely: sessions * (sessionBytes + ENTRY_BYTES),
  }),
});

/** V8's heap grows by pages of this size, and what a collection leaves differs by about as much. */
const HEAP_PAGE_BYTES = 2 ** 18;

/** Of a Map: its entry, and the heads of its key and its text. */
const ENTRY_BYTES = 150;

const node: ProgramNeed = {
  name: 'node',
  candidates: ['node'],
  debianPackages: [],
  remedies: { other: 'npm ci (Node.js comes with the packages of this project)' },
};

const { strategy, storeModule, session, storeTimeoutMs, endpoints, storeSettings, userIndex, slowdown } =
  appConfig.shape;

/** For what takes as long as there are many sessions, in milliseconds: to put them into a store, or to collect garbage beside them. */
const LONG_TIMEOUT_MS = 300_000;

const settingsSchema = z.strictObject({
  /** The app's own files, as the app process sees them: `servers/app/main.ts` and the strategy's `store.ts`. */
  main: z.string(),
  storeModule,
  strategy,
  /** Where Node.js keeps compiled modules between starts; null: nowhere. */
  compileCache: z.string().nullable(),
  sessionTtlSeconds: session.shape.ttlSeconds,
  sessionLifetimeSeconds: session.shape.lifetimeSeconds,
  storeTimeoutMs,
  endpoints,
  storeSettings,
  userIndex,
  slowdown,
});
type Settings = z.infer<typeof settingsSchema>;

/** Where the app finds its files, which is the runtime's matter. */
export type AppFiles = Pick<Settings, 'main' | 'storeModule' | 'compileCache'>;

/** The app's settings. Apart from its files they are the same on every runtime. */
export const appSettings = (
  files: AppFiles,
  strategy: string,
  endpoints: Readonly<Record<string, readonly Endpoint[]>>,
  storeSettings: StoreSettings,
  options: Pick<
    DeployOptions,
    'sessionTtlSeconds' | 'sessionLifetimeSeconds' | 'storeTimeoutMs' | 'userIndex' | 'slowdown'
  >,
) => ({
  ...files,
  strategy,
  endpoints,
  sessionTtlSeconds: options.sessionTtlSeconds,
  storeTimeoutMs: options.storeTimeoutMs,
  ...(options.sessionLifetimeSeconds === undefined
    ? {}
    : { sessionLifetimeSeconds: options.sessionLifetimeSeconds }),
  ...(Object.keys(storeSettings).length > 0 ? { storeSettings } : {}),
  ...(options.userIndex ? { userIndex: true } : {}),
  ...(options.slowdown ? { slowdown: options.slowdown } : {}),
});

/** How often the stores of `tests/strategies`, which are wrong on purpose, are wrong; nothing else reads these. */
function faultSettings(): Record<string, string> {
  const names = ['SESSION_BENCH_FAULTS', 'SESSION_BENCH_FAULTS_AFTER', 'SESSION_BENCH_FAULTS_EVERY'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function configuration(context: NodeContext, settings: Settings): string {
  const config: AppConfig = {
    strategy: settings.strategy,
    storeModule: settings.storeModule,
    instance: context.number,
    listen: { host: context.host, port: portOf(context) },
    admin: { host: context.host, port: portOf(context, 'admin'), token: context.secret('admin token') },
    session: {
      secret: context.secret('session secret'),
      ttlSeconds: settings.sessionTtlSeconds,
      ...(settings.sessionLifetimeSeconds === undefined
        ? {}
        : { lifetimeSeconds: settings.sessionLifetimeSeconds }),
    },
    storeTimeoutMs: settings.storeTimeoutMs,
    ...(context.memoryMiB === APP_MEMORY_MIB ? {} : { memoryMiB: context.memoryMiB }),
    endpoints: settings.endpoints,
    // Absent unless asked for: an app of another checkout may not know them.
    ...(settings.storeSettings ? { storeSettings: settings.storeSettings } : {}),
    ...(settings.userIndex ? { userIndex: true } : {}),
    ...(settings.slowdown ? { slowdown: settings.slowdown } : {}),
  };
  return JSON.stringify(config, null, 2);
}

/** An app has answered, and not with a 2xx. */
class AnswerError extends Error {
  override readonly name = 'AnswerError';
  readonly status: number;

  constructor(node: string, route: string, status: number, body: string) {
    super(`${node}: ${route} answers ${status}: ${body.slice(0, LONGEST_BODY)}`);
    this.status = status;
  }
}

/** Apps that run can be asked for their own counts, and to end all sessions. */
export interface AppControl extends ServiceControl {
  counters(): Promise<readonly AppCounters[]>;
  /** What each app holds once its garbage is gone, in bytes. */
  liveMemory(): Promise<readonly number[]>;
  /** Sessions that each app's store counts; null where the store has no count. */
  sessions(): Promise<readonly (number | null)[]>;
  clear(): Promise<void>;
  /** Has one app put sessions into the store. @param app from 0 */
  fill(app: number, sessions: BulkFill): Promise<void>;
  members(app: number, wanted: BulkMembers): Promise<readonly Member[]>;
  /** How a session of the population differs from what that app writes at a login; null where it does not. */
  difference(app: number, check: BulkCheck): Promise<string | null>;
  /** Sessions that the apps hold themselves, all together; null where they hold none. */
  held(): Promise<number | null>;
  /**
   * Ends all sessions of a user; gives how many, null where the store cannot tell. @throws Error where it keeps no index of users
   */
  endUser(user: string): Promise<number | null>;
}

export function appControl(nodes: readonly ReachableNode[], token: string): AppControl {
  const ask = async (
    target: ReachableNode,
    port: string,
    route: string,
    init: RequestInit = {},
    timeoutMs = QUESTION_TIMEOUT_MS,
  ) => {
    const url = `http://${target.reach.host}:${portOf({ name: target.name, ports: target.reach.ports }, port)}${route}`;
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: Error) => {
        const why = cause.cause instanceof Error ? cause.cause.message : cause.message;
        throw new Error(`${target.name}: ${why}`, { cause });
      },
    );
    const body = await response.text();
    if (!response.ok) throw new AnswerError(target.name, route, response.status, body);
    return body;
  };
  const admin = (
    target: ReachableNode,
    route: string,
    method: 'GET' | 'POST',
    body?: object,
    timeoutMs = QUESTION_TIMEOUT_MS,
  ) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return ask(target, 'admin', route, init, timeoutMs);
  };
  /** With the cause, which the public listener keeps to itself. An app of an older checkout tells it there alone. */
  const notReady = async (target: ReachableNode, error: unknown): Promise<never> => {
    if (!(error instanceof AnswerError)) throw error;
    const told: unknown = await admin(target, adminRoutes.ready, 'GET').catch((why: unknown) => why);
    throw told instanceof AnswerError && told.status === 503 ? told : error;
  };
  const send = (index: number, route: string, body: object): Promise<string> => {
    const target = nodes[index];
    if (!target) throw new Error(`there is no app ${index + 1}`);
    return admin(target, route, 'POST', body, LONG_TIMEOUT_MS);
  };
  const isRefusal = (error: unknown): boolean =>
    error instanceof AnswerError && (error.status === 401 || error.status === 403);
  /** Its listener for the harness counts, empties and tells: nobody else may have any of it. */
  const knock = (target: ReachableNode) =>
    knockAt(
      target,
      [
        { how: 'on its admin listener without a token', headers: {} },
        { how: 'on its admin listener with a token that is none', headers: { authorization: 'Bearer none' } },
        { how: 'on its admin listener with an empty token', headers: { authorization: 'Bearer ' } },
      ].flatMap(({ how, headers }) =>
        [adminRoutes.counters, adminRoutes.sessions].map((route) => ({
          how: `${how} (${route})`,
          enter: () => ask(target, 'admin', route, { headers }),
        })),
      ),
      isRefusal,
    );
  const everyNode = <Result>(one: (target: ReachableNode) => Promise<Result>) => Promise.all(nodes.map(one));
  return {
    endpoints: nodes.map((each) => ({ host: each.host, port: portOf(each) })),
    async answering() {
      await everyNode((each) => ask(each, 'main', '/health'));
    },
    async ready() {
      await everyNode((each) => ask(each, 'main', '/ready').catch((error) => notReady(each, error)));
    },
    // The very program that runs the harness too: see `programs`.
    version: async () => ({ product: 'Node.js', version: process.versions.node }),
    commands: async () => ({}),
    knock: async () => (await everyNode(knock)).flat(),
    liveMemory: () =>
      everyNode(async (each) => {
        const told = await admin(each, adminRoutes.memory, 'POST', undefined, LONG_TIMEOUT_MS);
        return liveMemory.parse(JSON.parse(told)).bytes;
      }),
    sessions: () =>
      everyNode(async (each) =>
        admin(each, adminRoutes.sessions, 'GET').then(
          (body) => sessionCount.parse(JSON.parse(body)).count,
          (error: unknown) => {
            if (error instanceof AnswerError && error.status === 404) return null;
            throw error;
          },
        ),
      ),
    counters: () =>
      everyNode(async (each) =>
        appCounters.parse(JSON.parse(await admin(each, adminRoutes.counters, 'GET'))),
      ),
    /** Each app ends the sessions that it can reach: its own with sticky sessions, all otherwise. */
    async clear() {
      await everyNode((each) => admin(each, adminRoutes.clear, 'POST'));
    },
    async fill(index, sessions) {
      await send(index, adminRoutes.fill, sessions);
    },
    async members(index, wanted) {
      return members.parse(JSON.parse(await send(index, adminRoutes.members, wanted))).members;
    },
    async difference(index, check) {
      return difference.parse(JSON.parse(await send(index, adminRoutes.check, check))).difference;
    },
    async held() {
      const told = await everyNode((each) => admin(each, adminRoutes.held, 'GET'));
      const counts = told.map((text) => held.parse(JSON.parse(text)).held);
      return counts.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
    },
    /** Each app those that it can reach, as `clear` does. */
    async endUser(user) {
      const body: EndUser = { user };
      const answers = await everyNode((each) => admin(each, adminRoutes.endUser, 'POST', body));
      const counts = answers.map((text) => endedSessions.parse(JSON.parse(text)).ended);
      return counts.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
    },
  };
}

/** Node.js limits its heap by the machine's memory; an app that may take more than usual is told so. */
const heapLimit = (memoryMiB: number): readonly string[] =>
  memoryMiB > APP_MEMORY_MIB ? [`--max-old-space-size=${memoryMiB}`] : [];

export const app = defineService({
  kind: 'app',
  tier: 'app',
  image: 'node:24.21-slim',
  // Starting Node.js for the question would cost the app's core more than the app's own start.
  health: answersHttp('/health'),
  settings: settingsSchema,
  configured: (settings) => ({
    programs: [node],
    ports: ['main', 'admin'],
    plan: (context) => ({
      files: [{ folder: 'config', name: 'app.json', content: configuration(context, settings) }],
      init: [],
      command: {
        program: 'node',
        args: ['--disable-warning=ExperimentalWarning', ...heapLimit(context.memoryMiB), settings.main],
        env: {
          NODE_ENV: 'production',
          ...(settings.compileCache ? { NODE_COMPILE_CACHE: settings.compileCache } : {}),
          ...faultSettings(),
          SESSION_APP_CONFIG: path.posix.join(context.folders.config, 'app.json'),
        },
      },
      stopSignal: 'SIGTERM',
      containerStopSignal: 'SIGTERM',
      killSignal: 'SIGKILL',
      // It reads the checkout, which may be the harness' user's alone.
      unprivileged: false,
    }),
    control: (nodes, secret) => appControl(nodes, secret('admin token')),
  }),
});
