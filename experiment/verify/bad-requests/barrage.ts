/** Many bad requests at once, at every place of a deployment: generated, in groups of neighbours, over many connections. */
import type { Target } from '../target.ts';
import type { Attacker, BadRequest } from './bad-request.ts';
import { badRequestOf, slowRequestOf } from './generate.ts';
import { troubleIn } from './judge.ts';
import { SlowCaller } from './slow-caller.ts';
import { type Outcome, sendVolley } from './volley.ts';

/** Connections at a time; each carries one group of requests after the other. */
const CONNECTIONS = 48;
/** Requests with neighbouring indexes go to the same place, so that they can share a connection. */
const GROUP = 16;
/** Characters of a volley: larger ones meet the limits of servers before they meet their parsers. */
const LONGEST_VOLLEY = 65_536;
/** Rests: what the servers hold is looked at after each part. */
export const PARTS = 4;
const MOST_SLOW = 60;

/** Something that a server should not have done. */
export interface Offence {
  readonly index: number;
  readonly what: string;
  readonly place: string;
  readonly trouble: string;
}

export interface Tally {
  readonly sent: number;
  readonly refused: number;
  readonly closed: number;
  /** Of those refused or closed, how many were only when they were sent again. */
  readonly late: number;
  readonly offences: readonly Offence[];
}

export interface BarrageOptions {
  readonly seed: number;
  /** How many. */
  readonly count: number;
  /** One for each place of the target, in its order. */
  readonly attackers: readonly Attacker[];
  /** What names of others begin with. */
  readonly othersBegin: string;
  /** Called after each part, while the slow requests are under way. @param done how many parts are done, from 1 */
  rest(done: number): Promise<void>;
}

/** Sends all of them; ends early when a place listens no longer. @throws Error when it is interrupted, or what `rest` throws */
export async function barrage(target: Target, options: BarrageOptions, signal: AbortSignal): Promise<Tally> {
  return await new Barrage(target, options, signal).run();
}

interface Sent {
  readonly index: number;
  readonly request: BadRequest;
}

const silence = { kind: 'silent' } as const satisfies Outcome;

class Barrage {
  readonly #target: Target;
  readonly #options: BarrageOptions;
  readonly #signal: AbortSignal;
  readonly #offences: Offence[] = [];
  /** Without an answer on a connection that stayed open: sent again when all else is done, since the machine may have been busy. */
  readonly #silent: (Sent & { readonly place: string })[] = [];
  #sent = 0;
  #answered = 0;
  #closed = 0;
  #late = 0;
  #gone = false;

  constructor(target: Target, options: BarrageOptions, signal: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
  }

  async run(): Promise<Tally> {
    const { count, rest } = this.#options;
    const slowCount = Math.min(MOST_SLOW, Math.ceil(count / 50));
    const quick = count - slowCount;
    const slow = this.#openSlow(quick, count);
    try {
      for (let part = 1; part <= PARTS && !this.#gone; part += 1) {
        const [from, to] = [boundary(quick, part - 1), boundary(quick, part)];
        await this.#sendBetween(from, to);
        for (const { caller } of slow) caller.step(PARTS + 1);
        await rest(part);
      }
      const outcomes = await Promise.all(slow.map(({ caller }) => caller.finish()));
      for (const [at, { caller, index, place }] of slow.entries())
        this.#note(index, place, caller.request, outcomes[at] ?? silence);
    } finally {
      for (const { caller } of slow) caller.close();
    }
    for (const { index, place, request } of this.#silent) {
      const [outcome = silence] = await sendVolley(place, [request]);
      this.#signal.throwIfAborted();
      if (outcome.kind !== 'silent') this.#late += 1;
      this.#judge(index, place, request, outcome);
    }
    const offences = this.#offences.toSorted((a, b) => a.index - b.index);
    return { sent: this.#sent, refused: this.#answered, closed: this.#closed, late: this.#late, offences };
  }

  #openSlow(from: number, to: number) {
    return Array.from({ length: to - from }, (_, at) => {
      const index = from + at;
      const [place, attacker] = this.#placeOf(index);
      return {
        index,
        place,
        caller: new SlowCaller(place, slowRequestOf(this.#options.seed, index, attacker)),
      };
    });
  }

  async #sendBetween(from: number, to: number): Promise<void> {
    let next = from;
    const work = async (): Promise<void> => {
      while (next < to && !this.#gone) {
        const first = next;
        next = Math.min(to, (Math.floor(first / GROUP) + 1) * GROUP);
        await this.#sendGroup(first, next);
        this.#signal.throwIfAborted();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  }

  /** Requests with these indexes, which go to one place; those that a closed connection left unread are sent again. */
  async #sendGroup(from: number, to: number): Promise<void> {
    const [place, attacker] = this.#placeOf(from);
    let left = Array.from(
      { length: to - from },
      (_, at): Sent => ({
        index: from + at,
        request: badRequestOf(this.#options.seed, from + at, attacker),
      }),
    );
    while (left.length > 0 && !this.#gone) {
      const volley = left.slice(0, volleyLength(left.map(({ request }) => request)));
      const outcomes = await sendVolley(
        place,
        volley.map(({ request }) => request),
      );
      const unread = volley.filter((_, at) => outcomes[at]?.kind === 'unread');
      for (const [at, { index, request }] of volley.entries()) {
        const outcome = outcomes[at];
        if (outcome !== undefined && outcome.kind !== 'unread') this.#note(index, place, request, outcome);
      }
      left = [...unread, ...left.slice(volley.length)];
    }
  }

  #note(index: number, place: string, request: BadRequest, outcome: Outcome): void {
    this.#sent += 1;
    if (outcome.kind === 'silent') this.#silent.push({ index, place, request });
    else this.#judge(index, place, request, outcome);
  }

  #judge(index: number, place: string, request: BadRequest, outcome: Outcome): void {
    const { attackers, othersBegin } = this.#options;
    if (outcome.kind === 'answer') this.#answered += 1;
    if (outcome.kind === 'closed') this.#closed += 1;
    if (outcome.kind === 'refused') this.#gone = true;
    const attacker = attackers[this.#target.places.indexOf(place)];
    const trouble = attacker ? troubleIn(outcome, request, attacker, othersBegin) : null;
    if (trouble !== null)
      this.#offences.push({ index, what: request.what, place: this.#target.nameOf(place), trouble });
  }

  #placeOf(index: number): readonly [place: string, attacker: Attacker] {
    const { places } = this.#target;
    const at = Math.floor(index / GROUP) % places.length;
    const [place, attacker] = [places[at], this.#options.attackers[at]];
    if (place === undefined || attacker === undefined) throw new Error('there is no attacker for a place');
    return [place, attacker];
  }
}

/** Whole groups, so that no group is in two parts. */
const boundary = (count: number, part: number): number =>
  part === PARTS ? count : Math.floor((count * part) / PARTS / GROUP) * GROUP;

/** Nothing may follow one that is not whole. At least one. */
function volleyLength(requests: readonly BadRequest[]): number {
  let characters = 0;
  for (const [at, { text, ending }] of requests.entries()) {
    characters += text.length;
    if (at > 0 && characters > LONGEST_VOLLEY) return at;
    if (ending !== 'whole') return at + 1;
  }
  return requests.length;
}
