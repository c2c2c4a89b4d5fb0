/** Hears from the engine of containers that start and end, and of processes in them that are killed for want of memory. */
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type EngineClient, withFilters } from './client.ts';
import { RUN_LABEL } from './owner.ts';

export type ContainerEvent =
  | { readonly type: 'ended' | 'out-of-memory'; readonly id: string }
  /** The engine has stopped telling: it was restarted or has gone away, and our containers with it. */
  | { readonly type: 'silence' };

const eventSchema = z.object({ Action: z.string(), Actor: z.object({ ID: z.string() }) });

export class EngineWatch {
  readonly #client: EngineClient;
  readonly #token: string;
  readonly #listeners = new Set<(event: ContainerEvent) => void>();
  readonly #started = new Set<string>();
  #stream: Promise<IncomingMessage> | null = null;
  #closed = false;

  constructor(client: EngineClient, token: string) {
    this.#client = client;
    this.#token = token;
  }

  /** Ids of the containers of this run that started, those that ended included. */
  get started(): ReadonlySet<string> {
    return this.#started;
  }

  /** Resolves when events are being heard; a watch that fell silent begins anew. */
  async listen(listener: (event: ContainerEvent) => void): Promise<void> {
    this.#listeners.add(listener);
    this.#stream ??= this.#open();
    await this.#stream;
  }

  forget(listener: (event: ContainerEvent) => void): void {
    this.#listeners.delete(listener);
  }

  async #open(): Promise<IncomingMessage> {
    const filters = {
      type: ['container'],
      event: ['start', 'die', 'oom'],
      label: [`${RUN_LABEL}=${this.#token}`],
    };
    const opening = this.#client.stream(withFilters('/events', filters));
    const silence = () => {
      this.#stream = null;
      if (!this.#closed) this.#tell({ type: 'silence' });
    };
    let stream: IncomingMessage;
    try {
      stream = await opening;
    } catch (error) {
      this.#stream = null;
      throw error;
    }
    stream.once('close', silence);
    // Its breaking is told by its closing.
    stream.on('error', () => {});
    const lines = createInterface({ input: stream });
    lines.on('error', () => {});
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      const { Action, Actor } = eventSchema.parse(JSON.parse(line));
      if (Action === 'start') this.#started.add(Actor.ID);
      else this.#tell({ type: Action === 'oom' ? 'out-of-memory' : 'ended', id: Actor.ID });
    });
    return stream;
  }

  #tell(event: ContainerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const stream = await this.#stream?.catch(() => null);
    stream?.destroy();
  }
}
