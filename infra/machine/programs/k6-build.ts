/** Builds the custom k6 from `infra/k6`, once for each state of its sources, and keeps it in the cache. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { sayingElapsed } from '../elapsed.ts';
import { environmentFor, type Variables } from '../environment.ts';
import { messageOf } from '../errors.ts';
import type { Lack } from '../lack.ts';
import { outputOrEnding, runProgram } from '../run.ts';
import { cacheFolder, changeFolder, removeUnfinished, unfinished, usableHome } from './cache.ts';
import { findProgram, systemFolders } from './find.ts';
import { system } from './system.ts';

export const k6Sources = path.resolve(import.meta.dirname, '../../k6');

export type K6Provision =
  | { readonly status: 'ready'; readonly path: string; readonly origin: 'cache' | 'built' }
  | { readonly status: 'lacking'; readonly lack: Lack };

export interface K6Options {
  /** Gets a line for each step. */
  progress(line: string): void;
  /** Folder of the Go module; `infra/k6` unless given. */
  readonly sources?: string;
  /** Unless given, `cacheFolder()`. */
  readonly cache?: string;
  /** Where `go` is looked for; PATH and the usual folders unless given. */
  readonly folders?: readonly string[];
  /** Compiles where this machine has no Go that can; asked for only then. */
  otherwise?(lack: Lack): Promise<Compiler | Lack>;
}

/** What turns the sources into a binary. */
export interface Compiler {
  /** For people: `go1.26.1`. */
  readonly title: string;
  /** What the binary depends on beside the sources. */
  readonly identity: readonly string[];
  /** @param folder an empty folder, which gets the binary under the name `k6` */
  build(
    sources: string,
    folder: string,
  ): Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

/** A k6 that has not been used for this long is removed when another is built. */
const keptMs = 14 * 24 * 3600_000;

/** Gives the k6 of the present sources, built if need be; about two minutes the first time. */
export async function provisionK6(options: K6Options): Promise<K6Provision> {
  const sources = options.sources ?? k6Sources;
  const compiler = await chooseCompiler(options, sources);
  if ('what' in compiler) return { status: 'lacking', lack: compiler };
  const folder = path.join(options.cache ?? cacheFolder(), 'k6');
  const target = path.join(folder, await hashSources(sources, compiler.identity));
  const cached = await readBuild(target);
  if (cached) return { status: 'ready', path: cached, origin: 'cache' };
  try {
    const waiting = () => options.progress('Waiting for another session-bench that is building k6');
    return await changeFolder(folder, waiting, async () => {
      const builtMeanwhile = await readBuild(target);
      if (builtMeanwhile) return { status: 'ready', path: builtMeanwhile, origin: 'cache' };
      await removeUnfinished(folder);
      await removeUnused(folder);
      return await build(compiler, sources, target, options.progress);
    });
  } catch (error) {
    const why = `k6 cannot be put into the cache ${folder}: ${messageOf(error)}`;
    return lacking(why, 'Set SESSION_BENCH_CACHE to a folder that you can write and that has 1 GB free.');
  }
}

async function chooseCompiler(options: K6Options, sources: string): Promise<Compiler | Lack> {
  const go = await findGo(options.folders, sources);
  if (go.status === 'ready') return localCompiler(go);
  return (await options.otherwise?.(go.lack)) ?? go.lack;
}

const identityOf = ({ GOVERSION, GOOS, GOARCH }: Go) => [GOVERSION, GOOS, GOARCH];

/** Arguments of `go` that build the module in the working folder. */
export const buildArguments = (binary: string): readonly string[] => [
  ...['build', '-ldflags=-s -w', '-o', binary],
  '.',
];

function localCompiler(go: Go): Compiler {
  return {
    title: go.GOVERSION,
    identity: identityOf(go),
    async build(sources, folder) {
      const outcome = await runProgram(go.path, buildArguments(path.join(folder, 'k6')), {
        cwd: sources,
        env: goEnvironmentHere(),
      });
      return { exitCode: outcome.exitCode, output: outputOrEnding(outcome) };
    },
  };
}

/** The path of the k6 of the present sources when the cache holds it; builds nothing. */
export async function findK6(options: Omit<K6Options, 'progress'> = {}): Promise<string | null> {
  const sources = options.sources ?? k6Sources;
  const go = await findGo(options.folders, sources);
  if (go.status === 'lacking') return null;
  return await readBuild(
    path.join(options.cache ?? cacheFolder(), 'k6', await hashSources(sources, identityOf(go))),
  );
}

const lacking = (why: string, remedy: string): { readonly status: 'lacking'; readonly lack: Lack } => ({
  status: 'lacking',
  lack: { what: 'k6', why, remedy },
});

const goEnvironment = z.object({ GOVERSION: z.string(), GOOS: z.string(), GOARCH: z.string() });

interface Go extends z.infer<typeof goEnvironment> {
  readonly status: 'ready';
  readonly path: string;
}

export type FoundGo = Go | { readonly status: 'lacking'; readonly lack: Lack };

/** The Go that builds the sources, or why none does: Go itself says when go.mod asks for a newer one. */
export async function findGo(folders?: readonly string[], sources: string = k6Sources): Promise<FoundGo> {
  if (!existsSync(sources)) return lacking(`its sources are missing: ${sources}`, 'git checkout -- infra/k6');
  const places = folders ?? [...(await systemFolders()), '/usr/local/go/bin', '/usr/lib/go/bin', '/snap/bin'];
  const file = await findProgram(['go'], places);
  if (file === null) return lacking('Go, which builds it, is not on PATH', await goRemedy());
  const run = (args: readonly string[]) => runProgram(file, args, { cwd: sources, env: goEnvironmentHere() });
  const settings = await run(['env', '-json', ...goEnvironment.keyof().options]);
  const accepted = existsSync(path.join(sources, 'go.mod')) ? await run(['list', '-m']) : settings;
  for (const outcome of [settings, accepted]) {
    if (outcome.exitCode !== 0)
      return lacking(`Go cannot build it: ${outputOrEnding(outcome).trim()}`, await goRemedy());
  }
  return { status: 'ready', path: file, ...goEnvironment.parse(JSON.parse(settings.stdout)) };
}

async function goRemedy(): Promise<string> {
  const download = 'Install Go 1.26 or newer from https://go.dev/dl/ and put its bin folder on PATH.';
  const remedies = {
    macos: 'brew install go',
    fedora: 'sudo dnf install golang',
    debian: download,
    other: download,
  };
  return remedies[await system()];
}

/** Go keeps what it fetches and compiles in the home folder; where there is none, in our cache. */
function goEnvironmentHere(): Variables {
  const chosen = environmentFor('go');
  if (usableHome() !== null) return { ...chosen, ...buildEnvironment };
  const folder = path.join(cacheFolder(), 'go');
  return {
    ...chosen,
    GOPATH: folder,
    GOCACHE: path.join(folder, 'build'),
    GOENV: 'off',
    ...buildEnvironment,
  };
}

/**
 * The build depends on the sources alone, not on the settings of the machine. Who vets under the same environment
 * finds the packages of k6 compiled already.
 */
export const buildEnvironment = {
  GOFLAGS: '-mod=readonly -buildvcs=false -trimpath',
  GOWORK: 'off',
  CGO_ENABLED: '0',
};

async function hashSources(sources: string, compiler: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([...compiler, buildEnvironment]));
  const names = await readdir(sources, { recursive: true });
  const counted = names.filter(
    (name) => /(^|[/\\])(go\.mod|go\.sum|[^/\\]+\.go)$/.test(name) && !name.endsWith('_test.go'),
  );
  for (const name of counted.sort()) {
    const content = await readFile(path.join(sources, name));
    hash.update(JSON.stringify([name, content.length])).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

const buildSchema = z.strictObject({ size: z.number(), changed: z.number() });

/** The binary of an earlier build, when it is as it was then. */
async function readBuild(folder: string): Promise<string | null> {
  const binary = path.join(folder, 'k6');
  try {
    const noted = buildSchema.parse(JSON.parse(await readFile(path.join(folder, 'build.json'), 'utf8')));
    const now = await stat(binary);
    if (now.size !== noted.size || now.mtimeMs !== noted.changed) return null;
  } catch {
    return null;
  }
  const today = new Date();
  await utimes(folder, today, today).catch(() => undefined);
  return binary;
}

async function build(
  compiler: Compiler,
  sources: string,
  target: string,
  progress: (line: string) => void,
): Promise<K6Provision> {
  const building = await mkdtemp(path.join(path.dirname(target), unfinished));
  progress(`Building k6 with ${compiler.title} (needed once; about two minutes on two cores)`);
  try {
    return await sayingElapsed('Building k6', progress, async (elapsed) => {
      const { exitCode, output } = await compiler.build(sources, building);
      if (exitCode !== 0) return failedBuild(output);
      const { size, mtimeMs } = await stat(path.join(building, 'k6'));
      await writeFile(path.join(building, 'build.json'), JSON.stringify({ size, changed: mtimeMs }));
      await chmod(building, 0o755);
      await rm(target, { recursive: true, force: true });
      await rename(building, target);
      progress(`Built k6 in ${elapsed()}`);
      return { status: 'ready', path: path.join(target, 'k6'), origin: 'built' };
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function failedBuild(output: string): K6Provision {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('go: downloading'));
  const last = lines.slice(-15).join('\n  ');
  return lacking(
    `go build failed:\n  ${last || 'it was ended'}`,
    'Mend what Go reports and try again; modules are fetched through the Go module proxy, which must be in reach.',
  );
}

async function removeUnused(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const each = path.join(folder, name);
    const { mtimeMs } = await stat(each);
    if (/^[0-9a-f]{16}$/.test(name) && Date.now() - mtimeMs > keptMs) await rm(each, { recursive: true });
  }
}
