/** Whether anybody between the app and its user may keep an answer. */
import { type Check, verdict } from '../check.ts';
import type { Answer } from '../visitor.ts';

export const notCached: Check = async (target) => {
  const visitor = target.visitor();
  const answers: (readonly [string, Answer])[] = [
    ['a login', await visitor.login(target.newUser())],
    ['a read', await visitor.read()],
    ['a write', await visitor.write()],
    ['a logout', await visitor.logout()],
    ['a read without a session', await visitor.read()],
  ];
  const wrong = answers
    .filter(([, { headers }]) => !/\bno-store\b/i.test(headers.get('cache-control') ?? ''))
    .map(
      ([what, { headers }]) => `The answer to ${what} may be kept: ${inWords(headers.get('cache-control'))}.`,
    );
  return verdict(wrong, 'Every answer of a session says Cache-Control: no-store.');
};

const inWords = (value: string | null): string =>
  value === null ? 'it says nothing of caches' : `it says "Cache-Control: ${value}"`;
