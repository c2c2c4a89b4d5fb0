/** Which image each service runs: the official one that its description names, unless a person names another. */
import { app } from '../../../services/app/index.ts';
import type { NamedImage } from '../../../services/definition.ts';
import { haproxy } from '../../../services/haproxy/index.ts';
import { needsOf } from '../../plan.ts';
import type { Strategy } from '../../runtime.ts';

/** By kind of image: `redis`, `valkey`, `app`. */
export type ImageOverrides = ReadonlyMap<string, string>;

export class ImageOverrideError extends Error {
  override readonly name = 'ImageOverrideError';
}

const VARIABLE = 'SESSION_BENCH_IMAGES';

/**
 * Reads `KIND=IMAGE` of the command line and, for kinds that it does not name, of the environment variable
 * SESSION_BENCH_IMAGES (separated by commas).
 * @throws ImageOverrideError naming every entry that is none
 */
export function readImageOverrides(
  given: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): ImageOverrides {
  const fromEnvironment = (env[VARIABLE] ?? '').split(',').filter((each) => each.trim() !== '');
  const overrides = new Map<string, string>();
  const mistakes: string[] = [];
  for (const entry of [...fromEnvironment, ...given]) {
    const [, kind, image] = /^\s*([a-z][a-z0-9-]*)=(\S+)\s*$/.exec(entry) ?? [];
    if (kind && image) overrides.set(kind, image);
    else mistakes.push(`"${entry}" is no KIND=IMAGE, such as redis=valkey/valkey:9`);
  }
  if (mistakes.length > 0) throw new ImageOverrideError(mistakes.join('\n'));
  return overrides;
}

/** The image to run: a person's, or the named one. */
export const imageNameOf = ({ kind, image }: NamedImage, overrides: ImageOverrides): string =>
  overrides.get(kind) ?? image;

/** Images of the balancer, of the apps' base and of all services of the strategies, each kind once. */
export function imagesOf(strategies: readonly Strategy[], overrides: ImageOverrides): readonly NamedImage[] {
  const services = strategies.flatMap((strategy) => needsOf(strategy).services);
  const named = [haproxy, app, ...services.map(({ service }) => service.image)];
  const byKind = new Map(named.map((each) => [each.kind, each]));
  return [...byKind.values()].map((each) => ({ kind: each.kind, image: imageNameOf(each, overrides) }));
}
