/** The part of memjs 1.3 that the store uses; the package has no types of its own. */
import type { Socket } from 'node:net';

export interface MemjsClient {
  /** Not part of its documented interface: the connection of each server, made at the first request. */
  readonly servers: readonly { readonly _socket?: Socket }[];
  get(key: string, done: (error: Error | null, value: Buffer | null) => void): void;
  set(
    key: string,
    value: string,
    options: { readonly expires: number },
    done: (error: Error | null) => void,
  ): void;
  delete(key: string, done: (error: Error | null) => void): void;
  touch(key: string, expires: number, done: (error: Error | null) => void): void;
  flush(done: (error: Error | null) => void): void;
  /** Called back once for each server. */
  stats(
    done: (
      error: Error | null,
      server: string,
      stats: Readonly<Record<string, string | undefined>> | null,
    ) => void,
  ): void;
}

export interface MemjsOptions {
  readonly username?: string;
  readonly password?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly conntimeout: number;
  readonly retries: number;
  readonly failover: boolean;
  readonly keepAlive: boolean;
  readonly logger: { log(...words: unknown[]): void };
}

export interface MemjsModule {
  readonly Client: { create(servers: string, options: MemjsOptions): MemjsClient };
}
