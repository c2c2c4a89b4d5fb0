/** The custom k6: built from `infra/k6`. */
import path from 'node:path';
import {
  type FoundGo,
  findGoFor,
  findGoProgram,
  type GoOptions,
  type GoProgram,
  type GoProvision,
  provisionGoProgram,
} from './go-build.ts';

export const k6Sources = path.resolve(import.meta.dirname, '../../k6');

export type K6Provision = GoProvision;

export interface K6Options extends GoOptions {
  /** Folder of the Go module; `infra/k6` unless given. */
  readonly sources?: string;
}

const k6From = (sources: string = k6Sources): GoProgram => ({
  name: 'k6',
  sources,
  takes: 'about two minutes on two cores',
});

/** Gives the k6 of the present sources, built if need be; about two minutes the first time. */
export const provisionK6 = (options: K6Options): Promise<K6Provision> =>
  provisionGoProgram(k6From(options.sources), options);

/** The path of the k6 of the present sources when the cache holds it; builds nothing. */
export const findK6 = (options: Omit<K6Options, 'progress'> = {}): Promise<string | null> =>
  findGoProgram(k6From(options.sources), options);

/** The Go that builds the sources, or why none does: Go itself says when go.mod asks for a newer one. */
export const findGo = (folders?: readonly string[], sources?: string): Promise<FoundGo> =>
  findGoFor(k6From(sources), folders);
