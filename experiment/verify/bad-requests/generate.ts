/** Makes bad requests, one for each index: the same for the same seed, whoever else sends what. */
import type { Attacker, BadRequest, Kind } from './bad-request.ts';
import { bodies } from './kinds/bodies.ts';
import { cookies } from './kinds/cookies.ts';
import { httpKinds, slowRequest } from './kinds/http.ts';
import { pathKinds } from './kinds/paths.ts';
import { Lot } from './lot.ts';

const kinds: readonly Kind[] = [...cookies, ...bodies, ...pathKinds, ...httpKinds];
const total = kinds.reduce((sum, { weight }) => sum + weight, 0);

/** As many requests as there are kinds hold one of each. */
export const kindCount = kinds.length;

/** @param index from 0 */
export function badRequestOf(seed: number, index: number, attacker: Attacker): BadRequest {
  const lot = new Lot(seed, index);
  const kind = kinds[index] ?? drawn(lot);
  return kind.make(lot, attacker);
}

export const slowRequestOf = (seed: number, index: number, attacker: Attacker): BadRequest =>
  slowRequest(new Lot(seed, index), attacker);

function drawn(lot: Lot): Kind {
  let left = lot.below(total);
  for (const kind of kinds) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  throw new Error('the weights of kinds do not add up');
}
