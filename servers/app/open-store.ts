/** Loads a strategy's store module and opens the store. */
import { pathToFileURL } from 'node:url';
import type { AppConfig } from '../contract/app.ts';
import type { OpenStore, OpenStoreFunction, StoreContext } from '../contract/store.ts';
import { messageOf } from '../lib/message-of.ts';
import { lifetimeSecondsOf } from './config.ts';

/** The store cannot be loaded or opened; the message names the module and the cause. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
}

/** @throws StoreOpenError */
export async function openStore(config: AppConfig, log: StoreContext['log']): Promise<OpenStore> {
  const open = await loadModule(config.storeModule);
  try {
    return await open({
      endpoints: config.endpoints,
      settings: config.storeSettings ?? {},
      ttlSeconds: config.session.ttlSeconds,
      userIndex: config.userIndex ? { lifetimeSeconds: lifetimeSecondsOf(config) } : null,
      timeoutMs: config.storeTimeoutMs,
      ...(config.memoryMiB !== undefined && { memoryMiB: config.memoryMiB }),
      instance: config.instance,
      log,
    });
  } catch (cause) {
    throw new StoreOpenError(
      `The store of "${config.strategy}" cannot be opened: ${messageOf(cause)}. Check that its servers run and that the endpoints and passwords in the configuration are theirs.`,
      { cause },
    );
  }
}

async function loadModule(file: string): Promise<OpenStoreFunction> {
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new StoreOpenError(`${file} cannot be loaded: ${messageOf(cause)}`, { cause });
  }
  if (typeof module.default !== 'function') {
    throw new StoreOpenError(
      `${file} must have a function that opens the store as its default export (see docs/adding-a-strategy.md).`,
    );
  }
  // A function's parameters cannot be checked at run time.
  return module.default as OpenStoreFunction;
}
