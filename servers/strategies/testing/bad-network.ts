/** A network between a store and its server that tests can spoil. Until then everything passes through unchanged. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Endpoint } from '../../contract/store.ts';

interface Line {
  readonly store: Socket;
  readonly server: Socket;
  /** Bytes from the server that still go through before the line breaks. */
  answerBytesLeft: number;
  swallowing: boolean;
  cut: boolean;
  /** Who sent last. */
  last: 'store' | 'server';
}

export class BadNetwork {
  readonly #listener: Server;
  readonly #lines = new Set<Line>();
  /** Lines that broke in the middle of an answer and that the store then gave up. */
  cuts = 0;
  /** How often a store spoke when it was its turn, whatever it sent at once: trips to the server and back. */
  trips = 0;

  private constructor(listener: Server) {
    this.#listener = listener;
  }

  /** Listens on a port of its own and passes on to `target`. */
  static async before(target: Endpoint): Promise<BadNetwork> {
    const listener = createServer();
    const network = new BadNetwork(listener);
    listener.on('connection', (store) => network.#join(store, target));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return network;
  }

  get port(): number {
    // A TCP server that listens has an address of this type.
    return (this.#listener.address() as AddressInfo).port;
  }

  /** From now on nothing gets through the lines that exist, and neither end notices; new lines work. */
  swallow(): void {
    for (const line of this.#lines) line.swallowing = true;
  }

  /** Breaks each line that exists after so many more bytes from the server. */
  cutAnswersAfter(bytes: number): void {
    for (const line of this.#lines) line.answerBytesLeft = bytes;
  }

  async close(): Promise<void> {
    for (const line of this.#lines) hangUp(line);
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(store: Socket, target: Endpoint): void {
    const server = connect(target.port, target.host);
    const line: Line = {
      store,
      server,
      answerBytesLeft: Number.POSITIVE_INFINITY,
      swallowing: false,
      cut: false,
      last: 'server',
    };
    this.#lines.add(line);
    store.on('data', (bytes) => {
      if (line.last === 'server') this.trips += 1;
      line.last = 'store';
      if (!line.swallowing) server.write(bytes);
    });
    server.on('data', (bytes) => this.#answer(line, bytes));
    for (const socket of [store, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        if ((line.swallowing || line.cut) && socket === server) return;
        if (line.cut) this.cuts += 1;
        this.#lines.delete(line);
        hangUp(line);
      });
    }
  }

  #answer(line: Line, bytes: Buffer): void {
    if (line.swallowing || line.cut) return;
    line.last = 'server';
    const passed = bytes.subarray(0, line.answerBytesLeft);
    line.answerBytesLeft -= bytes.length;
    if (line.answerBytesLeft > 0) line.store.write(passed);
    else {
      line.server.destroy();
      line.store.end(passed);
      line.cut = true;
    }
  }
}

function hangUp({ store, server }: Line): void {
  store.destroy();
  server.destroy();
}
