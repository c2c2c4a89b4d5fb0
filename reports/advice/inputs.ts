/** The fields of the section "Choose", as texts: what they wish, and how they stand in the page's address. */
import { contradictionsIn } from '../../advice/wishes/contradictions.ts';
import { hostings } from '../../advice/wishes/hosting.ts';
import { events, losses } from '../../advice/wishes/losses.ts';
import { sessionsAlive, usualWishes } from '../../advice/wishes/usual.ts';
import type { Wishes } from '../../advice/wishes/wishes.ts';

/** By name; lists are separated by commas. */
export interface Fields {
  readonly sessions: string;
  readonly rate: string;
  readonly payload: string;
  /** Milliseconds that 99 % of all operations stay below. */
  readonly p99: string;
  readonly budget: string;
  readonly loses: string;
  readonly survives: string;
  readonly ends: string;
  readonly hosting: string;
}

/** Least and most of what is slid, as powers of ten. */
export const slides = {
  sessions: { label: 'Sessions alive', from: 2, to: 9 },
  rate: { label: 'Requests per second', from: 0, to: 5 },
} as const;

/** Two digits are enough to slide by. */
export const rounded = (value: number): number => Number(value.toPrecision(2));

export function fieldsOf(wishes: Wishes): Fields {
  const [term] = wishes.slo?.terms ?? [];
  return {
    sessions: String(rounded(sessionsAlive(wishes))),
    rate: String(wishes.rate.high),
    payload: textOf(wishes.payloadBytes),
    p99: term?.kind === 'latency' ? String(term.limitMicros / 1000) : '',
    budget: textOf(wishes.budget),
    loses: wishes.mayLose,
    survives: wishes.survives.join(','),
    ends: wishes.endsAllOfAUser ? 'all' : '',
    hosting: wishes.hosting ?? '',
  };
}

const textOf = (value: number | null): string => (value === null ? '' : String(value));

export type Read =
  | { readonly status: 'wishes'; readonly wishes: Wishes }
  /** What is wrong and what to do, a sentence each. */
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

export function wishesIn(fields: Fields): Read {
  const [sessions, rate] = [Number(fields.sessions), Number(fields.rate)];
  const [payload, p99, budget] = [optional(fields.payload), optional(fields.p99), optional(fields.budget)];
  const survives = events.filter((event) => fields.survives.split(',').includes(event));
  const mayLose = losses.find((loss) => loss === fields.loses) ?? 'all';
  const hosting = hostings.find((each) => each === fields.hosting) ?? null;
  const mistakes = [
    ...(sessions >= 1 && sessions <= 1e10 ? [] : ['Sessions alive: give a number from 1 to 10,000,000,000.']),
    ...(rate > 0 && rate <= 1e8 ? [] : ['Requests per second: give a number above 0.']),
    ...(isAtLeast(payload, 0) ? [] : ['Bytes in a session: give a number, or leave it empty.']),
    ...(isAtLeast(p99, 0.001) ? [] : ['p99: give milliseconds above 0, or leave it empty.']),
    ...(isAtLeast(budget, 0.01) ? [] : ['Budget: give a number above 0, or leave it empty.']),
    ...contradictionsIn({ mayLose, survives, has: [], hosting }).map((each) => `Losses: ${each}.`),
  ];
  if (mistakes.length > 0) return { status: 'mistakes', mistakes };
  return {
    status: 'wishes',
    wishes: {
      ...usualWishes,
      sessions: { kind: 'alive', count: sessions },
      rate: { low: rate, likely: rate, high: rate },
      payloadBytes: payload,
      slo: p99 === null ? null : promiseOf(p99),
      budget,
      mayLose,
      survives,
      endsAllOfAUser: fields.ends === 'all',
      has: [],
      hosting,
    },
  };
}

/** Null where the field is empty; not a number where it holds none. */
const optional = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const isAtLeast = (value: number | null, least: number): boolean => value === null || value >= least;

const promiseOf = (milliseconds: number): NonNullable<Wishes['slo']> => ({
  text: `p99<${milliseconds}ms`,
  terms: [{ kind: 'latency', operation: null, percentile: 99, limitMicros: milliseconds * 1000 }],
});

const PREFIX = '#choose?';

/** The part of the page's address that restores the fields. */
export const addressOf = (fields: Fields): string => `${PREFIX}${new URLSearchParams({ ...fields })}`;

/** Null where the address says nothing of them. What it leaves out is as in `otherwise`. */
export function fieldsIn(address: string, otherwise: Fields): Fields | null {
  if (!address.startsWith(PREFIX)) return null;
  const said = new URLSearchParams(address.slice(PREFIX.length));
  const of = (name: keyof Fields): string => said.get(name) ?? otherwise[name];
  return {
    sessions: of('sessions'),
    rate: of('rate'),
    payload: of('payload'),
    p99: of('p99'),
    budget: of('budget'),
    loses: of('loses'),
    survives: of('survives'),
    ends: of('ends'),
    hosting: of('hosting'),
  };
}
