/** Which image each service runs: the official one that its description names, unless a person names another. */
import { twice } from '../../../../record/twice.ts';
import { app } from '../../../services/app/index.ts';
import type { NamedImage } from '../../../services/definition.ts';
import { haproxy } from '../../../services/haproxy/index.ts';
import { needsOf } from '../../plan.ts';
import type { Strategy } from '../../runtime.ts';

/** By kind of image: `redis`, `valkey`, `app`. */
export type ImageOverrides = ReadonlyMap<string, string>;

export type ImagesReading =
  | { readonly status: 'ok'; readonly value: ImageOverrides }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

/** Reads words such as `redis=valkey/valkey:9`, one for a kind at most. */
export function readImageOverrides(words: readonly string[]): ImagesReading {
  const overrides = new Map<string, string>();
  const kinds: string[] = [];
  const mistakes: string[] = [];
  for (const word of words) {
    const [, kind, image] = /^\s*([a-z][a-z0-9-]*)=(\S+)\s*$/.exec(word) ?? [];
    if (kind && image) {
      overrides.set(kind, image);
      kinds.push(kind);
    } else mistakes.push(`"${word}" is no KIND=IMAGE, such as redis=valkey/valkey:9`);
  }
  mistakes.push(...twice(kinds).map((kind) => `there are several images for ${kind}; keep one`));
  return mistakes.length > 0 ? { status: 'mistakes', mistakes } : { status: 'ok', value: overrides };
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
