/** A client that sends one request a few bytes at a time, for as long as others are served. */
import { connect, type Socket } from 'node:net';
import type { BadRequest } from './bad-request.ts';
import { ResponseReader } from './responses.ts';
import type { Outcome } from './volley.ts';

const ANSWER_MS = 10_000;

export class SlowCaller {
  readonly request: BadRequest;
  readonly #socket: Socket;
  readonly #reader: ResponseReader;
  readonly #outcome = Promise.withResolvers<Outcome>();
  #sent = 0;

  /** @param url of the server */
  constructor(url: string, request: BadRequest) {
    const { hostname, port } = new URL(url);
    this.request = request;
    this.#reader = new ResponseReader([request.bodiless]);
    this.#socket = connect({ host: hostname, port: Number(port) });
    this.#socket.setNoDelay();
    this.#socket.on('data', (chunk) => {
      const [response] = this.#reader.push(chunk.toString('latin1'));
      if (response !== undefined) this.#outcome.resolve({ kind: 'answer', response });
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      const response = this.#reader.end();
      this.#outcome.resolve(response === null ? { kind: 'closed' } : { kind: 'answer', response });
    });
  }

  /** Sends one more of so many pieces. */
  step(pieces: number): void {
    const { text } = this.request;
    const end = Math.min(text.length - 1, this.#sent + Math.max(1, Math.floor(text.length / pieces)));
    this.#send(text.slice(this.#sent, end));
    this.#sent = end;
  }

  /** Sends the rest and waits for what comes of it. Never throws. */
  async finish(): Promise<Outcome> {
    this.#send(this.request.text.slice(this.#sent));
    const timer = setTimeout(() => this.#outcome.resolve({ kind: 'silent' }), ANSWER_MS);
    const outcome = await this.#outcome.promise;
    clearTimeout(timer);
    this.close();
    return outcome;
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(text: string): void {
    if (!this.#socket.destroyed && this.#socket.writable) this.#socket.write(text, 'latin1');
  }
}
