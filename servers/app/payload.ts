/**
 * What a session carries beside its user: text of a given size in eight parts, made from the user, the part
 * and the version, so that two runs keep the same bytes. The text does not compress (base64url of SHAKE256),
 * which keeps the size on disk and on the wire equal to the size asked for.
 */
import { createHash } from 'node:crypto';

export const partCount = 8;
export const maxPayloadBytes = 65_536;

/** Text of a part by its number, `'0'` to `'7'`. */
export type Parts = Record<string, string>;

function text(bytes: number, seed: string): string {
  if (bytes === 0) return '';
  const outputLength = Math.ceil((bytes * 3) / 4);
  return createHash('shake256', { outputLength }).update(seed).digest('base64url').slice(0, bytes);
}

/** Bytes of one part: the payload shared out evenly, the first parts taking one byte more where it does not divide. */
function partBytes(payloadBytes: number, part: number): number {
  return Math.floor(payloadBytes / partCount) + (part < payloadBytes % partCount ? 1 : 0);
}

export function makeParts(user: string, payloadBytes: number): Parts {
  const parts: Parts = {};
  for (let part = 0; part < partCount; part += 1) {
    parts[part] = text(partBytes(payloadBytes, part), `${user}/${part}/1`);
  }
  return parts;
}

/** Replaces the text of one part by other text of the same size. */
export function replacePart(parts: Parts, part: number, user: string, version: number): void {
  parts[part] = text(parts[part]?.length ?? 0, `${user}/${part}/${version}`);
}

/** All parts are ASCII, so that characters are bytes. */
export function payloadSize(parts: Parts): number {
  let bytes = 0;
  for (let part = 0; part < partCount; part += 1) bytes += parts[part]?.length ?? 0;
  return bytes;
}
