/**
 * The chosen environment: of a person's environment variables, those that a process of ours may see, by what the process
 * is for. All others are left out, known or not: so nothing that a library, a server or Node.js itself would read can
 * change what is measured.
 */
import path from 'node:path';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Names; one that ends in `*` stands for all that begin so. */
const groups = {
  places: ['PATH', 'HOME', 'TMPDIR'],
  person: ['USER', 'LOGNAME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR'],
  /** What is meant for session-bench (docs/environment.md). */
  ours: ['SESSION_BENCH_*', 'CI', 'CHROMIUM_PATH', 'PUPPETEER_EXECUTABLE_PATH', 'NODE_COMPILE_CACHE'],
  terminal: ['TERM', 'COLORTERM', 'COLUMNS', 'LINES', 'NO_COLOR', 'FORCE_COLOR'],
  /** How what is fetched is reached. */
  fetching: [
    ...['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'ALL_PROXY', 'NO_PROXY'],
    ...['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy'],
    ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NETRC', 'SSH_AUTH_SOCK'],
  ],
  /** A hook of git would have git look at another repository, by `GIT_DIR` and its like. */
  git: ['GIT_CONFIG_*', 'GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'],
  go: [
    ...['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOSUMCHECK', 'GONOPROXY', 'GOPRIVATE', 'GOINSECURE', 'GOAUTH'],
    ...['GOROOT', 'GOPATH', 'GOCACHE', 'GOMODCACHE', 'GOTOOLCHAIN', 'CC', 'CXX'],
  ],
  npm: ['npm_config_*', 'NPM_CONFIG_*', 'NPM_TOKEN', 'NODE_AUTH_TOKEN', 'NODE_EXTRA_CA_CERTS'],
  packages: ['APT_CONFIG'],
  engine: [
    ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_CONFIG', 'DOCKER_CERT_PATH'],
    ...['DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_API_VERSION', 'DOCKER_BUILDKIT'],
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Group = keyof typeof groups;

/** What a process is started for, and which variables it may see then. */
const purposes = {
  /** Servers, apps, k6: all else they are told by us. */
  server: [],
  /** A program of the system that works on files. */
  program: ['places'],
  git: ['places', 'person', 'fetching', 'git'],
  go: ['places', 'person', 'fetching', 'git', 'go'],
  npm: ['places', 'person', 'fetching', 'git', 'npm'],
  packages: ['places', 'fetching', 'packages'],
  engine: ['places', 'person', 'fetching', 'engine'],
} as const satisfies Readonly<Record<string, readonly Group[]>>;

export type Purpose = keyof typeof purposes;

/** The environment of a program that we start: PATH, the words of the C locale, and what its purpose allows. */
export function environmentFor(
  purpose: Purpose,
  from: Variables = process.env,
): Readonly<Record<string, string>> {
  const PATH = from.PATH === undefined ? {} : { PATH: from.PATH };
  return { ...allowed(from, purposes[purpose]), ...PATH, LANG: 'C.UTF-8' };
}

/** Our own: what any purpose allows, so that it can be handed on. */
export function ownEnvironment(from: Variables = process.env): Readonly<Record<string, string>> {
  const all = Object.keys(groups) as Group[]; // the keys of a constant are known
  return { ...allowed(from, all), PATH: soundPath(from.PATH ?? '') };
}

function allowed(from: Variables, which: readonly Group[]): Record<string, string> {
  const patterns: readonly string[] = which.flatMap((group) => groups[group]);
  const isAllowed = (name: string) =>
    patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
  const chosen: Record<string, string> = {};
  for (const [name, value] of Object.entries(from))
    if (value !== undefined && isAllowed(name)) chosen[name] = value;
  return chosen;
}

/** Folders of the system's programs, which some environments leave off PATH. */
const systemPrograms = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Without relative folders, which mean another place to each server; with the system's own at the end. */
function soundPath(text: string): string {
  const named = text.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return [...new Set([...named, ...systemPrograms])].join(path.delimiter);
}

/**
 * Goes on in the chosen environment. What Node.js reads when it starts can only be left out by starting it anew, in
 * this very process: its number, its streams and its limits stay.
 *
 * What is written from now on is open to its owner, whatever the umask, and to others as the umask says.
 *
 * @param script the module to go on with, as an absolute path
 */
export function enterOwnEnvironment(script: string, args: readonly string[]): void {
  process.umask(process.umask() & 0o077);
  const wanted = ownEnvironment();
  if (isSame(wanted, process.env)) return;
  const command = [process.execPath, ...process.execArgv, script, ...args];
  if (process.platform === 'linux' && process.execve)
    process.execve(process.execPath, command, { ...wanted });
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
}

function isSame(wanted: Variables, present: Variables): boolean {
  const names = Object.keys(present);
  return names.length === Object.keys(wanted).length && names.every((name) => present[name] === wanted[name]);
}
