/** How random a sample of ids looks. Pure. A sample can show that ids are guessable, and never that they are not. */

/** Bits that an id must have (OWASP ASVS 5.0, 7.2.3). */
export const LEAST_BITS = 128;
/** An estimate from a few hundred ids is off by less. */
const ESTIMATE_ERROR = 0.03;
/** Share of an id that two of a sample may begin with in common. */
const MOST_COMMON_SHARE = 0.4;

export interface Randomness {
  readonly ids: number;
  readonly shortest: number;
  /** Of the shortest id, in bits, characters taken as independent of each other. */
  readonly bits: number;
  /** How many different characters there are. */
  readonly alphabet: number;
  readonly repeats: number;
  /** Longest beginning, in characters, that two ids have in common. */
  readonly commonPrefix: number;
}

/** @param ids at least two */
export function randomnessOf(ids: readonly string[]): Randomness {
  const different = [...new Set(ids)].sort();
  const shortest = Math.min(...ids.map(({ length }) => length));
  const positions = Array.from({ length: shortest }, (_, at) => bitsAt(ids, at));
  return {
    ids: ids.length,
    shortest,
    bits: positions.reduce((sum, each) => sum + each, 0),
    alphabet: new Set(ids.join('')).size,
    repeats: ids.length - different.length,
    commonPrefix: Math.max(0, ...different.slice(1).map((each, i) => commonPrefix(different[i] ?? '', each))),
  };
}

/** What is wrong with a sample, a sentence each. */
export function weaknesses(seen: Randomness): readonly string[] {
  const { ids, bits, repeats, commonPrefix: common, shortest } = seen;
  return [
    ...(repeats > 0 ? [`${repeats} of ${ids} ids had been given before.`] : []),
    ...(common > shortest * MOST_COMMON_SHARE
      ? [`Two ids begin with the same ${common} of ${shortest} characters.`]
      : []),
    ...(bits < LEAST_BITS * (1 - ESTIMATE_ERROR)
      ? [`${ids} ids vary as if they had about ${Math.round(bits)} bits; ${LEAST_BITS} are asked for.`]
      : []),
  ];
}

/** Shannon entropy of the characters at one position, with the correction of Miller (1955) for small samples. */
function bitsAt(ids: readonly string[], at: number): number {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id.charAt(at), (counts.get(id.charAt(at)) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / ids.length);
  const plain = shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
  return plain + (counts.size - 1) / (2 * ids.length * Math.LN2);
}

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
