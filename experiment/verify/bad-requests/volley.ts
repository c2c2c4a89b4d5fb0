/** Sends bad requests on one connection, one behind the other without waiting, and says what came of each. */
import { connect, type Socket } from 'node:net';
import type { BadRequest } from './bad-request.ts';
import { type Response, ResponseReader } from './responses.ts';

/**
 * `closed`: the server closed the connection in place of an answer. `silent`: it gave none in time. `unread`: it had closed before, and
 * the request was for nothing. `refused`: nobody listens there.
 */
export type Outcome =
  | { readonly kind: 'answer'; readonly response: Response }
  | { readonly kind: 'closed' | 'silent' | 'unread' | 'refused' };

const SILENCE_MS = 10_000;

/**
 * @param url of the server
 * @param requests at least one; all but the last are whole
 * @returns an outcome for each. Never throws.
 */
export function sendVolley(url: string, requests: readonly BadRequest[]): Promise<readonly Outcome[]> {
  return new Promise((resolve) => {
    const volley = new Volley(requests, resolve);
    const { hostname, port } = new URL(url);
    volley.follow(connect({ host: hostname, port: Number(port) }));
  });
}

class Volley {
  readonly #requests: readonly BadRequest[];
  readonly #resolve: (outcomes: readonly Outcome[]) => void;
  readonly #reader: ResponseReader;
  readonly #answers: Response[] = [];
  #connected = false;

  constructor(requests: readonly BadRequest[], resolve: (outcomes: readonly Outcome[]) => void) {
    this.#requests = requests;
    this.#resolve = resolve;
    this.#reader = new ResponseReader(requests.map(({ bodiless }) => bodiless));
  }

  follow(socket: Socket): void {
    const last = this.#requests.at(-1);
    socket.setNoDelay();
    socket.setTimeout(SILENCE_MS, () => this.#end(socket, 'silent'));
    socket.on('connect', () => {
      this.#connected = true;
      const bytes = this.#requests.map(({ text }) => text).join('');
      socket.write(bytes, 'latin1', () => {
        // What comes of those before it is still read; nobody waits for the answer to a request that is not whole.
        if (last?.ending === 'cut' && this.#requests.length === 1) this.#end(socket, 'closed');
      });
    });
    socket.on('data', (chunk) => {
      this.#answers.push(...this.#reader.push(chunk.toString('latin1')));
      const awaited = this.#requests.length - (last?.ending === 'cut' ? 1 : 0);
      if (this.#answers.length >= awaited) this.#end(socket, 'closed');
    });
    // Closed or reset by the server, in the middle of what is being sent too: what it read before, it has answered.
    socket.on('error', () => {});
    socket.on('close', () => this.#end(socket, this.#connected ? 'closed' : 'refused'));
  }

  #end(socket: Socket, kind: 'closed' | 'silent' | 'refused'): void {
    socket.removeAllListeners('close');
    socket.destroy();
    const rest = this.#reader.end();
    if (rest !== null) this.#answers.push(rest);
    this.#resolve(outcomesOf(this.#requests.length, this.#answers, kind));
  }
}

/** Of the requests without an answer, the first is what ended the connection, unless the answer before said that it would. */
function outcomesOf(
  count: number,
  answers: readonly Response[],
  kind: 'closed' | 'silent' | 'refused',
): readonly Outcome[] {
  const answered = answers.slice(0, count).map((response): Outcome => ({ kind: 'answer', response }));
  const announced = answers.some(({ closes }) => closes);
  return Array.from({ length: count }, (_, index): Outcome => {
    const outcome = answered[index];
    if (outcome !== undefined) return outcome;
    return { kind: index === answered.length && !announced ? kind : 'unread' };
  });
}
