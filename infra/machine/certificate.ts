/**
 * A certificate that signs itself, for a server whose clients are told of it and trust no other. Node.js has no means to make one,
 * and a machine need not have openssl.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** As PEM. */
export interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

const DAYS = 30;
const DAY_MS = 86_400_000;
/** Clocks of containers and of this machine are one; those of virtual machines may go back. */
const EARLIER_MS = DAY_MS;

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  object: 0x06,
  text: 0x0c,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** Encoded object identifiers. */
const objects = {
  /** 1.2.840.10045.4.3.2 */
  ecdsaWithSha256: Buffer.from('2a8648ce3d040302', 'hex'),
  /** 2.5.4.3 */
  commonName: Buffer.from('550403', 'hex'),
  /** 2.5.29.19 */
  basicConstraints: Buffer.from('551d13', 'hex'),
} as const;

/** A value of DER (ITU-T X.690): its tag, its length, what is in it. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : longLength(body.length);
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function longLength(length: number): readonly number[] {
  const bytes = [];
  for (let left = length; left > 0; left = Math.floor(left / 256)) bytes.unshift(left % 256);
  return [0x80 + bytes.length, ...bytes];
}

const sequence = (...content: readonly Buffer[]): Buffer => der(tags.sequence, ...content);
const time = (at: number): Buffer =>
  der(tags.time, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));

/** Valid from yesterday on, for 30 days, on the curve P-256. @param name whom it names */
export function newCertificate(name: string): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const body = toBeSigned(name, publicKey, Date.now() - EARLIER_MS);
  const signature = der(tags.bits, Buffer.from([0]), sign('sha256', body, privateKey));
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    certificate: pem(sequence(body, algorithm, signature)),
  };
}

const algorithm = sequence(der(tags.object, objects.ecdsaWithSha256));

/** RFC 5280, 4.1. @param from milliseconds since 1970 */
function toBeSigned(name: string, publicKey: KeyObject, from: number): Buffer {
  const names = sequence(
    der(tags.set, sequence(der(tags.object, objects.commonName), der(tags.text, Buffer.from(name)))),
  );
  // Positive, and never with a zero in front.
  const serial = der(tags.integer, Buffer.concat([Buffer.from([0x40]), randomBytes(15)]));
  const isAuthority = der(tags.octets, sequence(der(tags.boolean, Buffer.from([0xff]))));
  const extension = sequence(
    der(tags.object, objects.basicConstraints),
    der(tags.boolean, Buffer.from([0xff])),
    isAuthority,
  );
  return sequence(
    der(tags.version, der(tags.integer, Buffer.from([2]))),
    serial,
    algorithm,
    names,
    sequence(time(from), time(from + DAYS * DAY_MS)),
    names,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(tags.extensions, sequence(extension)),
  );
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
