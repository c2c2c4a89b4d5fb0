/** What would flip the choice: the same question asked with another rate, other sessions, other prices. */
import { chosenOf, optionsFor, type Question } from './options.ts';
import type { Prices } from './prices/prices.ts';
import type { Wishes } from './wishes/wishes.ts';

export const levers = ['rate', 'sessions', 'price of servers', 'price of managed servers'] as const;
export type Lever = (typeof levers)[number];

export interface Flip {
  readonly lever: Lever;
  /** So many times as much as in the question: there the choice is another. */
  readonly times: number;
  /** The option that is chosen there; null: none is sure to meet all wishes. */
  readonly choice: string | null;
}

/** Factors that are tried, up and down. */
const furthest = 16;
const stepsOfDoubling = 4;
/** A flip is found to within 1 %. */
const precision = 1.01;

/**
 * The nearest flip of each lever, upwards and downwards; none where the choice holds over sixteen times.
 * @param same the choice and what is level with it: from one to the other is no flip, but noise
 */
export function flipsOf(question: Question, same: readonly string[]): readonly Flip[] {
  return levers.flatMap((lever) =>
    ([1, -1] as const).flatMap((direction) => nearestFlip(question, lever, direction, same) ?? []),
  );
}

/** Nothing is what nothing is among. */
export const isAmong = (same: readonly string[], choice: string | null): boolean =>
  choice === null ? same.length === 0 : same.includes(choice);

const choiceFor = (question: Question): string | null => chosenOf(optionsFor(question))?.name ?? null;

function nearestFlip(
  question: Question,
  lever: Lever,
  direction: 1 | -1,
  same: readonly string[],
): Flip | null {
  const step = 2 ** (direction / stepsOfDoubling);
  const steps = Math.round(Math.log2(furthest) * stepsOfDoubling);
  const isOther = (times: number): boolean => !isAmong(same, choiceFor(pulled(question, lever, times)));
  for (let index = 1; index <= steps; index += 1) {
    if (!isOther(step ** index)) continue;
    const times = narrowed(step ** (index - 1), step ** index, isOther);
    return { lever, times, choice: choiceFor(pulled(question, lever, times)) };
  }
  return null;
}

/** Halves the stretch between a factor that changes nothing and one that does, in logarithms. */
function narrowed(same: number, other: number, isOther: (times: number) => boolean): number {
  let [near, far] = [same, other];
  while (Math.max(near / far, far / near) > precision) {
    const middle = Math.sqrt(near * far);
    if (isOther(middle)) far = middle;
    else near = middle;
  }
  return far;
}

export function pulled(question: Question, lever: Lever, times: number): Question {
  const { wishes, prices } = question;
  switch (lever) {
    case 'rate':
      return { ...question, wishes: { ...wishes, rate: scaledRate(wishes.rate, times) } };
    case 'sessions':
      return { ...question, wishes: { ...wishes, sessions: scaledSessions(wishes.sessions, times) } };
    case 'price of servers':
      return { ...question, prices: withServers(prices, times) };
    case 'price of managed servers':
      return { ...question, prices: withManaged(prices, times) };
  }
}

const scaledRate = ({ low, likely, high }: Wishes['rate'], times: number): Wishes['rate'] => ({
  low: low * times,
  likely: likely * times,
  high: high * times,
});

const scaledSessions = (sessions: Wishes['sessions'], times: number): Wishes['sessions'] =>
  sessions.kind === 'alive'
    ? { kind: 'alive', count: Math.max(1, sessions.count * times) }
    : { ...sessions, perSecond: sessions.perSecond * times };

const withServers = (prices: Prices, times: number): Prices => ({
  ...prices,
  vcpuHour: { ...prices.vcpuHour, price: prices.vcpuHour.price * times },
  gibHour: { ...prices.gibHour, price: prices.gibHour.price * times },
});

const withManaged = (prices: Prices, times: number): Prices => ({
  ...prices,
  managed: prices.managed.map((node) => ({ ...node, price: node.price * times })),
});
