/** Which image each service runs: the official one that its description names, unless a person names another. */
import type { Strategy } from '../../runtime.ts';
import { app } from '../../services/app.ts';
import { haproxy } from '../../services/haproxy.ts';
import { serviceKind } from '../../services/index.ts';

/** By kind of service (`redis`) or by name of strategy and service (`valkey/cache`), the latter first. */
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
    const [, kind, image] = /^\s*([a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)?)=(\S+)\s*$/.exec(entry) ?? [];
    if (kind && image) overrides.set(kind, image);
    else mistakes.push(`"${entry}" is no KIND=IMAGE, such as redis=valkey/valkey:9`);
  }
  if (mistakes.length > 0) throw new ImageOverrideError(mistakes.join('\n'));
  return overrides;
}

export interface ImageUse {
  readonly kind: string;
  readonly image: string;
  /** Where the image is named, for a person who looks for it. */
  readonly named: 'service' | 'person';
}

export function imageOf(
  kind: { readonly kind: string; readonly image: string },
  overrides: ImageOverrides,
): ImageUse {
  const override = overrides.get(kind.kind);
  return { kind: kind.kind, image: override ?? kind.image, named: override ? 'person' : 'service' };
}

/** Images of the balancer, of the apps' base and of all services of the strategies, each once. */
export function imagesOf(strategies: readonly Strategy[], overrides: ImageOverrides): readonly ImageUse[] {
  const kinds = [
    haproxy,
    app,
    ...strategies.flatMap(({ topology }) => topology.services.map(({ kind }) => serviceKind(kind))),
  ];
  const uses = new Map(kinds.map((kind) => [kind.kind, imageOf(kind, overrides)]));
  return [...uses.values()];
}
