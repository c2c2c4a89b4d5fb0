/** Goes to a Memcached without a login, in both of its protocols, and with a password that is none. */
import type { Knock, ReachableNode } from '../definition.ts';
import { answerTo, knockAt } from '../knocking.ts';

/** Longer than the head of a request in the binary protocol, which a server that speaks it alone reads first. */
const TEXT_COMMANDS = 'stats\r\nversion\r\nstats settings\r\n';

const REQUEST = 0x80;
const HEAD_BYTES = 24;
/** Codes of commands. */
const GET = 0x00;
const SASL_AUTH = 0x21;
/** What it answers to those who have not logged in, or did so in vain. */
const AUTH_ERROR = 0x0020;

class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** A request in the binary protocol: its head, its key, its value. */
function request(command: number, key: string, value = ''): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(REQUEST, 0);
  head.writeUInt8(command, 1);
  head.writeUInt16BE(key.length, 2);
  head.writeUInt32BE(key.length + value.length, 8);
  return Buffer.concat([head, Buffer.from(key + value, 'latin1')]);
}

/** @throws Refusal */
async function binary(node: ReachableNode, bytes: Buffer): Promise<void> {
  const answer = await answerTo(node, bytes, ({ length }) => length >= HEAD_BYTES);
  // Closed without a word.
  if (answer.length < HEAD_BYTES) throw new Refusal('it closed the connection');
  if (answer.readUInt16BE(6) === AUTH_ERROR) throw new Refusal('it wants a login');
}

/** @throws Refusal */
async function text(node: ReachableNode): Promise<void> {
  const answer = (await answerTo(node, Buffer.from(TEXT_COMMANDS), ({ length }) => length >= 4)).toString(
    'latin1',
  );
  if (!/^(STAT|VERSION|END)/.test(answer)) throw new Refusal('it does not speak the text protocol');
}

export const knockAtMemcached = (node: ReachableNode): Promise<readonly Knock[]> =>
  knockAt(
    node,
    [
      { how: 'in the text protocol', enter: () => text(node) },
      { how: 'in the binary protocol without a login', enter: () => binary(node, request(GET, 'knock')) },
      {
        how: 'with a password that is none',
        enter: () => binary(node, request(SASL_AUTH, 'PLAIN', '\0memcached\0memcached')),
      },
    ],
    (error) => error instanceof Refusal,
  );
