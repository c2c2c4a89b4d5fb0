/** What would flip the choice: the same question asked with another rate, other sessions, other prices. */
import { cheapestOfEach, choicesFor, isAmongChoices } from './level.ts';
import type { Option, Question } from './options.ts';
import type { Prices } from './prices/prices.ts';
import type { Wishes } from './wishes/wishes.ts';

export const levers = ['rate', 'sessions', 'price of servers', 'price of managed servers'] as const;
export type Lever = (typeof levers)[number];

export interface Flip {
  readonly lever: Lever;
  /** So many times as much as in the question: there the choice is neither chosen nor level with what is. */
  readonly times: number;
  /** The options that are chosen there, level with each other; empty: none is sure to meet all wishes. */
  readonly choices: readonly string[];
}

/** Factors that are tried, up and down. */
const furthest = 16;
const stepsOfDoubling = 4;
/** A flip is found to within 1 %. */
const precision = 1.01;

/** The nearest flip of each lever, upwards and downwards; none where the choice holds over sixteen times. */
export function flipsOf(question: Question, choice: string): readonly Flip[] {
  return levers.flatMap((lever) =>
    ([1, -1] as const).flatMap((direction) => nearestFlip(question, lever, direction, choice) ?? []),
  );
}

function nearestFlip(question: Question, lever: Lever, direction: 1 | -1, choice: string): Flip | null {
  const step = 2 ** (direction / stepsOfDoubling);
  const steps = Math.round(Math.log2(furthest) * stepsOfDoubling);
  const isOther = (times: number): boolean => !isAmongChoices(pulled(question, lever, times), choice);
  for (let index = 1; index <= steps; index += 1) {
    if (!isOther(step ** index)) continue;
    const times = narrowed(step ** (index - 1), step ** index, isOther);
    return { lever, times, choices: namesOf(choicesFor(pulled(question, lever, times))) };
  }
  return null;
}

/** One way to run each strategy. */
export const namesOf = (choices: readonly Option[]): readonly string[] =>
  cheapestOfEach(choices).map(({ name }) => name);

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
