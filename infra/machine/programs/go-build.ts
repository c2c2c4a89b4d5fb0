/** Builds programs of ours that are written in Go, once for each state of their sources, and keeps them in the cache. */
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

/** A program as a Go module of the checkout. */
export interface GoProgram {
  /** Of the binary, and of its folder in the cache: `k6`. */
  readonly name: string;
  /** Absolute path of the module's folder. */
  readonly sources: string;
  /** How long the first build takes, for people: `about two minutes on two cores`. */
  readonly takes: string;
}

export type GoProvision =
  | { readonly status: 'ready'; readonly path: string; readonly origin: 'cache' | 'built' }
  | { readonly status: 'lacking'; readonly lack: Lack };

export interface GoOptions {
  /** Gets a line for each step. */
  progress(line: string): void;
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
  /** @param binary absolute path of the file to make, in an empty folder */
  build(
    sources: string,
    binary: string,
  ): Promise<{ readonly exitCode: number | null; readonly output: string }>;
}

/** A binary that has not been used for this long is removed when another is built. */
const keptMs = 14 * 24 * 3600_000;

/** Gives the program of the present sources, built if need be. */
export async function provisionGoProgram(program: GoProgram, options: GoOptions): Promise<GoProvision> {
  const { name, sources } = program;
  const compiler = await chooseCompiler(program, options);
  if ('what' in compiler) return { status: 'lacking', lack: compiler };
  const folder = path.join(options.cache ?? cacheFolder(), name);
  const target = path.join(folder, await hashSources(sources, compiler.identity));
  const cached = await readBuild(target, name);
  if (cached) return { status: 'ready', path: cached, origin: 'cache' };
  try {
    const waiting = () => options.progress(`Waiting for another session-bench that is building ${name}`);
    return await changeFolder(folder, waiting, async () => {
      const builtMeanwhile = await readBuild(target, name);
      if (builtMeanwhile) return { status: 'ready', path: builtMeanwhile, origin: 'cache' };
      await removeUnfinished(folder);
      await removeUnused(folder);
      return await build(program, compiler, target, options.progress);
    });
  } catch (error) {
    const why = `${name} cannot be put into the cache ${folder}: ${messageOf(error)}`;
    return lacking(
      name,
      why,
      'Set SESSION_BENCH_CACHE to a folder that you can write and that has 1 GB free.',
    );
  }
}

async function chooseCompiler(program: GoProgram, options: GoOptions): Promise<Compiler | Lack> {
  const go = await findGoFor(program, options.folders);
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
    async build(sources, binary) {
      const outcome = await runProgram(go.path, buildArguments(binary), {
        cwd: sources,
        env: goEnvironmentHere(),
      });
      return { exitCode: outcome.exitCode, output: outputOrEnding(outcome) };
    },
  };
}

/** The path of the program of the present sources when the cache holds it; builds nothing. */
export async function findGoProgram(
  program: GoProgram,
  { cache, folders }: Pick<GoOptions, 'cache' | 'folders'> = {},
): Promise<string | null> {
  const go = await findGoFor(program, folders);
  if (go.status === 'lacking') return null;
  const { name, sources } = program;
  const key = await hashSources(sources, identityOf(go));
  return await readBuild(path.join(cache ?? cacheFolder(), name, key), name);
}

const lacking = (
  what: string,
  why: string,
  remedy: string,
): { readonly status: 'lacking'; readonly lack: Lack } => ({
  status: 'lacking',
  lack: { what, why, remedy },
});

const goEnvironment = z.object({ GOVERSION: z.string(), GOOS: z.string(), GOARCH: z.string() });

interface Go extends z.infer<typeof goEnvironment> {
  readonly status: 'ready';
  readonly path: string;
}

export type FoundGo = Go | { readonly status: 'lacking'; readonly lack: Lack };

const checkout = path.resolve(import.meta.dirname, '../../..');

/** The Go that builds the program, or why none does: Go itself says when go.mod asks for a newer one. */
export async function findGoFor({ name, sources }: GoProgram, folders?: readonly string[]): Promise<FoundGo> {
  if (!existsSync(sources))
    return lacking(
      name,
      `its sources are missing: ${sources}`,
      `git checkout -- ${path.relative(checkout, sources)}`,
    );
  const places = folders ?? [...(await systemFolders()), '/usr/local/go/bin', '/usr/lib/go/bin', '/snap/bin'];
  const file = await findProgram(['go'], places);
  if (file === null) return lacking(name, 'Go, which builds it, is not on PATH', await goRemedy());
  const run = (args: readonly string[]) => runProgram(file, args, { cwd: sources, env: goEnvironmentHere() });
  const settings = await run(['env', '-json', ...goEnvironment.keyof().options]);
  const accepted = existsSync(path.join(sources, 'go.mod')) ? await run(['list', '-m']) : settings;
  for (const outcome of [settings, accepted]) {
    if (outcome.exitCode !== 0)
      return lacking(name, `Go cannot build it: ${outputOrEnding(outcome).trim()}`, await goRemedy());
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
 * finds the packages compiled already.
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
async function readBuild(folder: string, name: string): Promise<string | null> {
  const binary = path.join(folder, name);
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
  { name, sources, takes }: GoProgram,
  compiler: Compiler,
  target: string,
  progress: (line: string) => void,
): Promise<GoProvision> {
  const building = await mkdtemp(path.join(path.dirname(target), unfinished));
  progress(`Building ${name} with ${compiler.title} (needed once; ${takes})`);
  try {
    return await sayingElapsed(`Building ${name}`, progress, async (elapsed) => {
      const binary = path.join(building, name);
      const { exitCode, output } = await compiler.build(sources, binary);
      if (exitCode !== 0) return failedBuild(name, output);
      const { size, mtimeMs } = await stat(binary);
      await writeFile(path.join(building, 'build.json'), JSON.stringify({ size, changed: mtimeMs }));
      await chmod(building, 0o755);
      await rm(target, { recursive: true, force: true });
      await rename(building, target);
      progress(`Built ${name} in ${elapsed()}`);
      return { status: 'ready', path: path.join(target, name), origin: 'built' };
    });
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

function failedBuild(name: string, output: string): GoProvision {
  const lines = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('go: downloading'));
  const last = lines.slice(-15).join('\n  ');
  return lacking(
    name,
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
