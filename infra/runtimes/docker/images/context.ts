import type { Lack } from '../../runtime.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Labels } from '../engine/owner.ts';
import type { ImageLock } from './lock.ts';
import type { ImageOverrides } from './names.ts';

export type Provided<Value> =
  | { readonly status: 'ready'; readonly value: Value }
  | { readonly status: 'lacking'; readonly lack: Lack };

/** With what images are got, looked into and built for one run. */
export interface ImageContext {
  readonly client: EngineClient;
  /** On every container that is started for it. */
  readonly labels: Labels;
  /** Absolute path of the folder for what images are built from. */
  readonly folder: string;
  /** Images in place of the official ones. */
  readonly overrides: ImageOverrides;
  readonly lock: ImageLock;
  /** Ends what may take long. */
  readonly signal: AbortSignal;
  progress(line: string): void;
}
