/** The fields of the section "Choose", as texts: what they wish, and how they stand in the page's address. */
import { type AmountRead, amountsWished, readAmount, readRates } from '../../advice/wishes/amounts.ts';
import { contradictionsIn } from '../../advice/wishes/contradictions.ts';
import { hostings } from '../../advice/wishes/hosting.ts';
import { events, losses } from '../../advice/wishes/losses.ts';
import { lossesWished } from '../../advice/wishes/losses-wished.ts';
import { sessionsAlive, usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';

/** By name; lists are separated by commas. */
export interface Fields {
  readonly sessions: string;
  /** One number, or low, likely and high. */
  readonly rate: string;
  readonly payload: string;
  /** Milliseconds that 99 % of all operations stay below. */
  readonly p99: string;
  readonly budget: string;
  readonly loses: string;
  readonly survives: string;
  /** `once`: sessions at once; `all`: all of a user. */
  readonly ends: string;
  readonly hosting: string;
  /** Strategies whose servers are there already. */
  readonly has: string;
  readonly utilisation: string;
}

/** Without those that are a choice of several. */
export const textFields = [
  'sessions',
  'rate',
  'payload',
  'p99',
  'budget',
  'loses',
  'hosting',
  'has',
  'utilisation',
] as const satisfies readonly (keyof Fields)[];
export const choiceFields = ['survives', 'ends'] as const satisfies readonly (keyof Fields)[];

/** Least and most of what is slid, as powers of ten. */
export const slides = {
  sessions: { label: 'Sessions alive', from: 2, to: 9 },
  rate: { label: 'Requests per second', from: 0, to: 5 },
} as const;

/** Two digits are enough to slide by. */
export const rounded = (value: number): number => Number(value.toPrecision(2));

/** They wish what `wishes` do: nothing is rounded, so that the page answers as the terminal does. */
export function fieldsOf(wishes: Wishes): Fields {
  const [term] = wishes.slo?.terms ?? [];
  const { low, likely, high } = wishes.rate;
  return {
    sessions: String(sessionsAlive(wishes)),
    rate: low === high ? String(high) : [low, likely, high].join(', '),
    payload: textOf(wishes.payloadBytes),
    p99: term?.kind === 'latency' ? String(term.limitMicros / 1000) : '',
    budget: textOf(wishes.budget),
    loses: wishes.mayLose,
    survives: wishes.survives.join(','),
    ends: [...(wishes.endsAtOnce ? ['once'] : []), ...(wishes.endsAllOfAUser ? ['all'] : [])].join(','),
    hosting: wishes.hosting ?? '',
    has: wishes.has.join(','),
    utilisation: wishes.utilisation === usualWishes.utilisation ? '' : String(wishes.utilisation),
  };
}

const textOf = (value: number | null): string => (value === null ? '' : String(value));

export type Read =
  | { readonly status: 'wishes'; readonly wishes: Wishes }
  /** What is wrong and what to do, a sentence each. */
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

export function wishesIn(fields: Fields): Read {
  const mistakes: string[] = [];
  const read = <Value>(label: string, reading: AmountRead<Value>, otherwise = ''): Value | null => {
    if (reading.status === 'ok') return reading.value;
    mistakes.push(...reading.mistakes.map((each) => `${label}: ${each}${otherwise}.`));
    return null;
  };
  /** Null where the field is empty. */
  const optional = (label: string, name: keyof Fields & keyof typeof amountsWished): number | null =>
    fields[name].trim() === ''
      ? null
      : read(label, readAmount(fields[name], amountsWished[name]), ', or leave it empty');
  const sessions = read('Sessions alive', readAmount(fields.sessions, amountsWished.sessions));
  const rate = read('Requests per second', readRates(fields.rate));
  const payload = optional('Bytes in a session', 'payload');
  const p99 = optional('p99', 'p99');
  const budget = optional('Budget', 'budget');
  const utilisation = optional('How busy servers may be', 'utilisation') ?? usualWishes.utilisation;
  const { mayLose, survives } = lossesIn(fields);
  const hosting = hostings.find((each) => each === fields.hosting) ?? null;
  const has = wordsIn(fields.has);
  for (const each of contradictionsIn({ mayLose, survives, has: [...has], hosting }))
    mistakes.push(`Not together: ${each}.`);
  if (mistakes.length > 0 || sessions === null || rate === null) return { status: 'mistakes', mistakes };
  return {
    status: 'wishes',
    wishes: {
      ...usualWishes,
      sessions: { kind: 'alive', count: sessions },
      rate,
      payloadBytes: payload,
      slo: p99 === null ? null : promiseOf(p99),
      budget,
      mayLose,
      survives,
      endsAtOnce: wordsIn(fields.ends).includes('once'),
      endsAllOfAUser: wordsIn(fields.ends).includes('all'),
      has: [...has],
      hosting,
      utilisation,
    },
  };
}

/** Where no event is ticked nothing is said of events, and those are meant that the terminal means. */
function lossesIn(fields: Fields): Pick<Wishes, 'mayLose' | 'survives'> {
  const ticked = events.filter((event) => wordsIn(fields.survives).includes(event));
  const mayLose = losses.find((loss) => loss === fields.loses) ?? null;
  return lossesWished({ mayLose, survives: ticked.length === 0 ? null : ticked }, usualWishes);
}

/** With what is meant where nothing is said, so that it can be seen. */
export const completed = (fields: Fields): Fields => {
  const { mayLose, survives } = lossesIn(fields);
  return { ...fields, loses: mayLose, survives: survives.join(',') };
};

const wordsIn = (text: string): readonly string[] => text.split(',').filter((word) => word !== '');

const promiseOf = (milliseconds: number): NonNullable<Wishes['slo']> => ({
  text: `p99<${milliseconds}ms`,
  terms: [{ kind: 'latency', operation: null, percentile: 99, limitMicros: milliseconds * 1000 }],
});

const PREFIX = '#choose?';

/** The part of the page's address that restores the fields. */
export const addressOf = (fields: Fields): string => `${PREFIX}${new URLSearchParams({ ...fields })}`;

/**
 * Null where the address says nothing of them. What it leaves out, or says of what there is no choice of, is as in `otherwise`.
 * @param servers strategies whose servers may be there already
 */
export function fieldsIn(address: string, otherwise: Fields, servers: readonly string[]): Fields | null {
  if (!address.startsWith(PREFIX)) return null;
  const said = new URLSearchParams(address.slice(PREFIX.length));
  const of = (name: keyof Fields): string => said.get(name) ?? otherwise[name];
  const oneOf = (name: keyof Fields, choices: readonly string[]): string =>
    choices.includes(of(name)) ? of(name) : otherwise[name];
  const someOf = (name: keyof Fields, choices: readonly string[]): string =>
    wordsIn(of(name)).every((word) => choices.includes(word)) ? of(name) : otherwise[name];
  return {
    sessions: of('sessions'),
    rate: of('rate'),
    payload: of('payload'),
    p99: of('p99'),
    budget: of('budget'),
    loses: oneOf('loses', losses),
    survives: someOf('survives', events),
    ends: someOf('ends', ['once', 'all']),
    hosting: oneOf('hosting', ['', ...hostings]),
    has: oneOf('has', ['', ...servers]),
    utilisation: of('utilisation'),
  };
}

/** Whether both wish the same. */
export const isSame = (a: Fields, b: Fields): boolean =>
  [...textFields, ...choiceFields].every((name) => a[name] === b[name]);

/** The number of a field that can be slid; of rates the last, since servers are for it. Null where it has none. */
export function slidNumber(name: keyof typeof slides, typed: string): number | null {
  const reading = name === 'rate' ? readRates(typed) : readAmount(typed, amountsWished[name]);
  if (reading.status === 'mistakes') return null;
  return typeof reading.value === 'number' ? reading.value : reading.value.high;
}

/**
 * How a slider is read aloud: it slides by powers of ten, and nobody counts in those. Where the field has no number the slider
 * stays, and its own place counts.
 */
export const slidText = (name: keyof typeof slides, typed: string, place: number): string =>
  new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(
    slidNumber(name, typed) ?? rounded(10 ** place),
  );
