/** The harness' end of the generator's control channel: a unix socket that carries JSON lines. */
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { asError } from '../../machine/errors.ts';
import { type GeneratorEvent, generatorEvent } from './event.ts';

export function parseEvent(line: string): GeneratorEvent {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new Error(`k6 sent what is no JSON over the control channel: ${line.slice(0, 200)}`);
  }
  const parsed = generatorEvent.safeParse(json);
  if (!parsed.success) {
    throw new Error(
      `k6 sent an event that this harness does not know: ${line.slice(0, 200)}\n${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}

export class ControlChannel {
  readonly #server: Server;
  readonly #onEvent: (event: GeneratorEvent) => Promise<void> | void;
  readonly #onFault: (error: Error) => void;
  readonly #sockets = new Set<Socket>();
  /** Events are handled one after the other, in the order in which they came. */
  #handled: Promise<void> = Promise.resolve();

  /** @param onFault called when an event is wrong or its handler fails */
  static async listen(
    file: string,
    onEvent: (event: GeneratorEvent) => Promise<void> | void,
    onFault: (error: Error) => void,
  ): Promise<ControlChannel> {
    const channel = new ControlChannel(onEvent, onFault);
    await new Promise<void>((resolve, reject) => {
      channel.#server.once('error', reject);
      channel.#server.listen(file, resolve);
    });
    return channel;
  }

  private constructor(
    onEvent: (event: GeneratorEvent) => Promise<void> | void,
    onFault: (error: Error) => void,
  ) {
    this.#onEvent = onEvent;
    this.#onFault = onFault;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // A generator that is killed resets its connection; its exit says so already.
    socket.on('error', () => {});
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      if (line.trim() === '') return;
      this.#handled = this.#handled
        .then(() => this.#handle(socket, line))
        .catch((error: unknown) => {
          this.#onFault(asError(error));
        });
    });
  }

  async #handle(socket: Socket, line: string): Promise<void> {
    const event = parseEvent(line);
    await this.#onEvent(event);
    if (event.type === 'barrier' && !socket.destroyed) {
      socket.write(`${JSON.stringify({ type: 'go', name: event.name })}\n`);
    }
  }

  /** Resolves when every event that came has been handled. */
  async close(): Promise<void> {
    await this.#handled;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
