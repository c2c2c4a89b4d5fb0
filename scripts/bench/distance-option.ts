/** `--distance`: how far the servers are moved, and how far they can be. */
import { highestRate, roundTripsOnPaper, usualDistances } from '../../experiment/distance/plan.ts';
import type { RateChoice } from '../../experiment/plan.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { MOST_BLOCKS } from '../../record/design.ts';
import { MOST_ADDED_MS } from '../../record/distance.ts';
import { twice } from '../../record/twice.ts';
import { good, mistaken, textOrFlag } from '../cli/reading.ts';

const isDistance = (word: string): boolean =>
  /^(\d+\.?\d*|\.\d+)$/.test(word) && Number(word) <= MOST_ADDED_MS;

/** Undefined where no distance is to be measured. In ascending order. */
const chosen = textOrFlag<readonly number[] | undefined>((typed) => {
  if (typed === undefined) return good(undefined);
  if (typed === true) return good(usualDistances);
  const words = typed.split(',').map((word) => word.trim());
  const strange = words.filter((word) => !isDistance(word));
  const distances = words.filter(isDistance).map(Number);
  const again = twice(distances.map(String));
  const mistakes = [
    ...strange.map(
      (word) =>
        `"${word}" is no time that a round trip takes longer; give milliseconds from 0 to ${MOST_ADDED_MS}, separated by commas`,
    ),
    ...again.map((word) => `${word} is given more than once; keep one. --blocks measures each more often`),
    ...(strange.length === 0 && new Set(distances).size < 2
      ? ['a slope takes two distances at least, such as 0,5']
      : []),
  ];
  return mistakes.length > 0 ? mistaken(...mistakes) : good(distances.toSorted((a, b) => a - b));
});

export const distanceOption = {
  flags: '--distance [MS,…]',
  description: `put so many milliseconds on each round trip between apps and servers, and find how many round trips each operation waits for, instead of comparing speed. Default: ${usualDistances.join(',')}`,
  schema: chosen,
} as const;

export interface DistanceValues {
  readonly distances: readonly number[];
  /** At each distance; undefined where that is a mistake. */
  readonly blocks: number | undefined;
  /** Both are undefined where they are a mistake. */
  readonly rate: RateChoice | undefined;
  readonly strategies: readonly Strategy[] | undefined;
}

export const distanceMistakes = ({
  distances,
  blocks = 1,
  rate,
  strategies = [],
}: DistanceValues): readonly string[] => [
  ...tooManyBlocks(distances.length * blocks, distances.length),
  ...(rate?.mode === 'given' ? tooManyAtOnce(rate.value, distances, strategies) : []),
  ...(strategies.length > 0 && strategies.every(({ topology }) => topology.services.length === 0)
    ? ['--distance moves the servers, and none of the chosen strategies has any. Name one with servers.']
    : []),
];

function tooManyAtOnce(
  rate: number,
  distances: readonly number[],
  strategies: readonly Strategy[],
): readonly string[] {
  const highest = highestRate(distances, roundTripsOnPaper(strategies));
  if (rate <= highest) return [];
  return [
    `--rate ${rate}: with ${Math.max(...distances)} ms on each round trip, operations would wait for connections, and not for the network alone. Give at most ${highest}, or shorter distances.`,
  ];
}

function tooManyBlocks(blocks: number, distances: number): readonly string[] {
  if (blocks <= MOST_BLOCKS) return [];
  const most = Math.floor(MOST_BLOCKS / distances);
  return [
    `--blocks counts for each of the ${distances} distances, and a run has at most ${MOST_BLOCKS} blocks. ${most === 0 ? 'Give fewer distances.' : `Give at most ${most}, or fewer distances.`}`,
  ];
}
