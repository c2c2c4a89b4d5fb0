/** Tens of thousands of bad requests, and what is left of a deployment after them. */
import type { Attacker } from '../bad-requests/bad-request.ts';
import { barrage, type Offence, PARTS, type Tally } from '../bad-requests/barrage.ts';
import { type Check, type Found, limit, unknown, verdict } from '../check.ts';
import type { MemoryReading, Target } from '../target.ts';
import { sessionIn, type Visitor } from '../visitor.ts';

/** In each place. */
const OTHERS = 3;

const MIB = 2 ** 20;
/**
 * What a tier may hold more after the second half of the requests than after the first. Pools and buffers of servers have found
 * their size by then and still swing by some MiB. Apps are asked without their garbage, and 50,000 requests that leave 200 bytes
 * each go beyond it.
 */
const mostGrowth = (tier: string): number => (tier === 'app' ? 8 : 32) * MIB;

/** Somebody whose session must stay as it is. */
interface Other {
  readonly user: string;
  readonly visitor: Visitor;
  readonly place: string;
}

export const badRequests: Check = async (target, signal) => {
  const { seed, count } = target.surface.badRequests;
  if (count === 0) return limit('None were sent: --requests was 0.');
  return await target.surface.loudly(() => sendAll(target, { seed, count }, signal));
};

async function sendAll(
  target: Target,
  { seed, count }: Target['surface']['badRequests'],
  signal: AbortSignal,
): Promise<Found> {
  const others = await signInOthers(target);
  const attackers = await signInAttackers(target, others);
  const before = await target.surface.countSessions();
  const memory: MemoryReading[] = [];
  const wrong: string[] = [];
  const rest = async (done: number): Promise<void> => {
    memory.push(await target.surface.memory());
    wrong.push(...(await harmDone(target, others, `After ${done} of ${PARTS} parts`)));
  };
  const options = { seed, count, attackers, othersBegin: namesOf(target), rest };
  const tally = await barrage(target, options, signal);
  const after = await target.surface.countSessions();
  const exits = target.surface.exits();
  wrong.unshift(...exits.map((each) => `${each} ended under them.`), ...told(tally.offences, seed));
  if (before !== null && after !== null && after > before)
    wrong.push(`They left ${after - before} sessions in the store, which had ${before}.`);
  wrong.push(...growthIn(memory));
  return judged(wrong, { tally, seed, memory, before, after });
}

const namesOf = (target: Target): string => `other-${target.nonce}-`;

async function signInOthers(target: Target): Promise<readonly Other[]> {
  const others: Other[] = [];
  for (const place of target.places)
    for (let number = 1; number <= OTHERS; number += 1) {
      const user = `${namesOf(target)}${others.length + 1}`;
      others.push({ user, place, visitor: await target.signedIn(place, user) });
    }
  return others;
}

async function signInAttackers(target: Target, others: readonly Other[]): Promise<readonly Attacker[]> {
  const mark = target.newMark();
  const attackers: Attacker[] = [];
  for (const place of target.places) {
    const user = target.newUser();
    const visitor = await target.signedIn(place, user);
    const ties = [...visitor.cookies].filter(([name]) => name !== target.cookieName);
    const [first, ...rest] = others.filter((each) => each.place === place);
    if (first === undefined) throw new Error('nobody else is signed in');
    attackers.push({
      host: new URL(place).host,
      cookieName: target.cookieName,
      tie: ties.map(([name, value]) => `${name}=${value}; `).join(''),
      own: target.cookieOf(visitor),
      user,
      others: [target.cookieOf(first.visitor), ...rest.map(({ visitor: other }) => target.cookieOf(other))],
      mark,
    });
  }
  return attackers;
}

/** What is not as it was with the sessions of others, a sentence each. */
async function harmDone(target: Target, others: readonly Other[], when: string): Promise<readonly string[]> {
  const seen = await Promise.all(
    others.map(async ({ visitor }) => await visitor.read().catch((error: Error) => error)),
  );
  return others.flatMap(({ user, place }, at) => {
    const answer = seen[at];
    const where = `${when}, a session of another client on ${target.nameOf(place)}`;
    if (answer === undefined || answer instanceof Error) return [`${where} gets no answer.`];
    const session = sessionIn(answer.text);
    if (session === null) return [`${where} is answered with ${answer.status}.`];
    return session.user === user && session.version === 1 ? [] : [`${where} is not as it was.`];
  });
}

/** The first, and how many more. */
function told(offences: readonly Offence[], seed: number): readonly string[] {
  return offences.map(
    ({ index, what, place, trouble }) =>
      `Request ${index} of seed ${seed}, to ${place} (${what}), ${trouble}.`,
  );
}

/** A sentence for each tier that holds more after the second half. */
function growthIn(memory: readonly MemoryReading[]): readonly string[] {
  const [half, end] = [memory[PARTS / 2 - 1], memory[PARTS - 1]];
  if (half === undefined || end === undefined) return [];
  return [...end].flatMap(([tier, bytes]) => {
    const earlier = half.get(tier) ?? null;
    if (bytes === null || earlier === null || bytes - earlier <= mostGrowth(tier)) return [];
    return [
      `Memory of the ${tier} grew by ${inMib(bytes - earlier)} in their second half, to ${inMib(bytes)}; at most ${inMib(mostGrowth(tier))} are allowed for.`,
    ];
  });
}

const inMib = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

interface Seen {
  readonly tally: Tally;
  readonly seed: number;
  readonly memory: readonly MemoryReading[];
  readonly before: number | null;
  readonly after: number | null;
}

function judged(wrong: readonly string[], { tally, seed, memory, before, after }: Seen): Found {
  const { sent, refused, closed, late } = tally;
  const again = late === 0 ? '' : ` (${late} of them when they were sent again: the machine is busy)`;
  const sentence = `${sent} bad requests of seed ${seed}: ${refused} refused, ${closed} cut off${again}, no 5xx, and nobody else's session in any answer. ${memoryIn(memory)} ${sessionsIn(before, after)}`;
  const found = verdict(wrong, sentence);
  if (found.outcome !== 'holds') return found;
  const unread = memory.flatMap((each) => [...each]).filter(([, bytes]) => bytes === null);
  if (unread.length > 0)
    return unknown(
      `Memory of the ${unread[0]?.[0]} cannot be read, so that its growth was not seen. ${sentence}`,
    );
  return before === null || after === null ? limit(sentence) : found;
}

function memoryIn(memory: readonly MemoryReading[]): string {
  const tiers = [...(memory.at(-1) ?? [])].map(([tier, bytes]) => {
    const readings = memory.map((each) => each.get(tier) ?? null);
    return `${tier} ${bytes === null ? 'unknown' : readings.map((each) => (each === null ? '—' : Math.round(each / MIB))).join(', ')} MiB`;
  });
  return `Memory after each quarter: ${tiers.join('; ')}.`;
}

const sessionsIn = (before: number | null, after: number | null): string =>
  before === null || after === null
    ? 'The store cannot count its sessions, so that what they left in it was not seen.'
    : `Sessions in the store: ${before} before, ${after} after.`;
