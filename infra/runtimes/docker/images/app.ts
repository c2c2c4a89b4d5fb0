/**
 * The app's image, one for all strategies: the app and every store, bundled each into one module, and the very Node.js
 * that the lockfile names, on a base that has its libraries. Nothing is fetched while it is built.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type BuildFailure, build } from 'esbuild';
import { baseName } from '../../../variants.ts';
import type { Strategy } from '../../runtime.ts';
import { buildImage, type ImageFile } from './build.ts';
import type { ImageContext } from './context.ts';
import { describeImage, type LocalImage, type ServiceImage } from './local.ts';

const FOLDER = '/opt/session-bench';
const APP_NODE = `${FOLDER}/node`;
export const APP_MAIN = `${FOLDER}/app/main.mjs`;

/** The app's programs are where the image's recipe puts them. */
export const appPrograms: ServiceImage['programs'] = {
  node: { path: APP_NODE, root: null, resolvedName: 'node', version: process.version },
};

/** Where the image has a strategy's store. */
export const storeModuleIn = (strategy: string) => `${FOLDER}/app/${storeName(strategy)}.mjs`;
/** Variants share a store. */
const storeName = (strategy: string) => `store-${baseName(strategy)}`;

/** Packages from before ECMAScript modules call `require`, which modules do not have. */
const REQUIRE =
  "import { createRequire as sessionBenchRequire } from 'node:module'; const require = sessionBenchRequire(import.meta.url);";

export interface AppSources {
  /** Absolute path of the app's `main.ts`. */
  readonly main: string;
  readonly strategies: readonly Pick<Strategy, 'name' | 'folder'>[];
}

/** How many leading characters two paths share. */
function shared(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/**
 * Each store once: where two checkouts have a strategy of that name, the one that lies nearer to the app. In the order of their
 * names, so that the image is the same whatever is measured.
 */
export function storesBeside(main: string, strategies: AppSources['strategies']): AppSources['strategies'] {
  const byName = Map.groupBy(strategies, ({ name }) => storeName(name));
  const sorted = [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.flatMap(([, all]) =>
    all.toSorted((a, b) => shared(b.folder, main) - shared(a.folder, main)).slice(0, 1),
  );
}

/** The app or a store cannot be bundled; the message names file, line and mistake. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** @throws BundleError */
export async function bundleApp({ main, strategies }: AppSources): Promise<ReadonlyMap<string, Uint8Array>> {
  const stores = strategies.map(({ name, folder }) => [storeName(name), path.join(folder, 'store.ts')]);
  try {
    const { outputFiles } = await build({
      entryPoints: { main, ...Object.fromEntries(stores) },
      absWorkingDir: path.dirname(main),
      outdir: '/app',
      outExtension: { '.js': '.mjs' },
      write: false,
      bundle: true,
      // What the app and the stores share stays one module, as it is without bundling.
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: `node${process.versions.node.split('.')[0]}`,
      banner: { js: REQUIRE },
      // Asked for only by those who have installed it.
      external: ['pg-native'],
      legalComments: 'none',
      logLevel: 'silent',
    });
    return new Map(outputFiles.map(({ path: file, contents }) => [file.replace(/^\//, ''), contents]));
  } catch (error) {
    throw new BundleError(bundleMistakes(error), { cause: error });
  }
}

function bundleMistakes(error: unknown): string {
  // esbuild gives the mistakes in a property of the error.
  const { errors } = error as Partial<BuildFailure>;
  if (!Array.isArray(errors) || errors.length === 0) return String(error);
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('; ');
}

/** By its exact name the base is the image that is here: builders of engines from 23 on ask the registry for any other first. */
export const appDockerfile = ({ exactName }: Pick<LocalImage, 'exactName'>): string =>
  [
    `FROM ${exactName}`,
    `COPY --chown=0:0 node ${APP_NODE}`,
    `COPY --chown=0:0 app ${FOLDER}/app`,
    // Fails here, and not at the first start, when the base lacks a library.
    `RUN ["${APP_NODE}", "--version"]`,
    'USER 65534:65534',
    `ENTRYPOINT ["${APP_NODE}", "${APP_MAIN}"]`,
    '',
  ].join('\n');

/** @throws BundleError, ImageError */
export async function buildAppImage(
  context: ImageContext,
  sources: AppSources,
  base: LocalImage,
): Promise<ServiceImage> {
  const node = process.execPath;
  const bundle = await bundleApp(sources);
  const files = new Map<string, ImageFile>([['node', { copyOf: node }]]);
  for (const [name, content] of bundle) files.set(name, { content });
  const identity = [base.id, process.version, process.arch, String((await stat(node)).size)];
  const image = await buildImage(context, { name: 'app', dockerfile: appDockerfile(base), files, identity });
  const description = `${describeImage(image)} on ${describeImage(base)}`;
  return { reference: image.reference, description, programs: appPrograms };
}
