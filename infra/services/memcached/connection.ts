/** Asks one Memcached for its statistics over the binary protocol, logging in with SASL PLAIN first. */
import { connect } from 'node:net';
import { portOf, type ReachableNode } from '../definition.ts';

const QUESTION_TIMEOUT_MS = 2_000;
const HEADER_BYTES = 24;
const REQUEST_MAGIC = 0x80;
const opcodes = { stat: 0x10, authenticate: 0x21 } as const;

interface Response {
  readonly opcode: number;
  readonly status: number;
  readonly key: string;
  readonly value: string;
}

function request(opcode: number, key: string, value: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(REQUEST_MAGIC, 0);
  header.writeUInt8(opcode, 1);
  header.writeUInt16BE(Buffer.byteLength(key), 2);
  header.writeUInt32BE(Buffer.byteLength(key) + Buffer.byteLength(value), 8);
  return Buffer.concat([header, Buffer.from(key), Buffer.from(value)]);
}

/** The first complete response in what has arrived, and what follows it. */
function takeResponse(received: Buffer): { response: Response; rest: Buffer } | null {
  if (received.length < HEADER_BYTES) return null;
  const end = HEADER_BYTES + received.readUInt32BE(8);
  if (received.length < end) return null;
  const keyStart = HEADER_BYTES + received.readUInt8(4);
  const keyEnd = keyStart + received.readUInt16BE(2);
  return {
    response: {
      opcode: received.readUInt8(1),
      status: received.readUInt16BE(6),
      key: received.toString('utf8', keyStart, keyEnd),
      value: received.toString('utf8', keyEnd, end),
    },
    rest: received.subarray(end),
  };
}

/** @throws when the server does not answer within 2 s or refuses the login. */
export function memcachedStats(
  node: ReachableNode,
  login: { readonly user: string; readonly password: string },
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    const stats: Record<string, string> = {};
    const socket = connect({
      host: node.reach.host,
      port: portOf({ name: node.name, ports: node.reach.ports }),
    });
    const settle = (outcome: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      outcome();
    };
    const fail = (why: string) => settle(() => reject(new Error(`${node.name}: ${why}`)));
    const timer = setTimeout(() => fail('no answer'), QUESTION_TIMEOUT_MS);
    let received = Buffer.alloc(0);

    const take = (response: Response) => {
      if (response.status !== 0) return fail(response.value || `status ${response.status}`);
      if (response.opcode === opcodes.authenticate) return void socket.write(request(opcodes.stat, '', ''));
      if (response.key === '') return settle(() => resolve(stats));
      stats[response.key] = response.value;
    };
    socket.on('connect', () => {
      socket.write(request(opcodes.authenticate, 'PLAIN', `\0${login.user}\0${login.password}`));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let next = takeResponse(received); next; next = takeResponse(received)) {
        received = Buffer.from(next.rest);
        take(next.response);
      }
    });
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => fail('closed the connection'));
  });
}
