/** What ends a session: a logout, idleness, its absolute life. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Check, type Found, unknown, verdict } from '../check.ts';
import type { Target } from '../target.ts';
import type { Visitor } from '../visitor.ts';

export const logout: Check = async (target) => {
  const wrong: string[] = [];
  for (const home of target.places) {
    const visitor = await target.signedIn(home);
    const places = target.placesFor(home);
    // So that an app which keeps a copy has one.
    for (const url of places) await visitor.at(url).read();
    const exit = places[(places.indexOf(home) + 1) % places.length] ?? home;
    const ended = await visitor.at(exit).logout();
    if (ended.status !== 204) throw new Error(`a logout is answered with ${ended.status}`);
    const where = `After a logout on ${target.nameOf(exit)},`;
    // A write in between: it must not bring back what a read after it would find.
    for (const [what, ask] of [
      ['read', (each: Visitor) => each.read()],
      ['write', (each: Visitor) => each.write()],
      ['read after a write', (each: Visitor) => each.read()],
    ] as const)
      for (const url of [home, ...target.places.filter((each) => each !== home)]) {
        const { status } = await ask(visitor.at(url));
        if (status !== 401)
          wrong.push(`${where} a ${what} is answered with ${status} by ${target.nameOf(url)}.`);
      }
  }
  return verdict(wrong, 'Old cookies are refused by the balancer and every app.');
};

/** Looks at sessions within an idle life: more than enough to see one before half of it is over. */
const LOOKS = 10;

/** Each look uses a session of its own, since a read moves the idle deadline on. */
export const idleTimeout: Check = async (target, signal) => {
  const { idleSeconds, absoluteSeconds, patienceSeconds, balancer, clockSeconds } = target.surface;
  const everyMs = (idleSeconds * 1000) / LOOKS;
  const looks = Math.ceil((absoluteSeconds * 1000) / everyMs);
  const before = performance.now();
  const idle = await Promise.all(Array.from({ length: looks }, () => target.signedIn(balancer)));
  const known = await Promise.all(target.places.map((home) => knownEverywhere(target, home)));
  const after = performance.now();
  const [control, ...rest] = idle;
  if (control === undefined || (await control.read()).status !== 200)
    return unknown('A session was refused at once, so that its end cannot be seen.');
  const surelyMs = (idleSeconds + patienceSeconds) * 1000;
  const end = await endOf(rest, { before, after }, { everyMs, surelyMs }, signal);
  const trouble = troubleWith(end, target.surface, surelyMs);
  if (trouble !== null) return trouble;
  await pause(Math.max(0, after + (idleSeconds + clockSeconds) * 1000 - performance.now()), undefined, {
    signal,
  });
  const wrong = (await Promise.all(known.map((each) => stillServed(target, each)))).flat();
  return verdict(
    wrong,
    `An unused session was refused within ${seconds(end.refusedAt ?? 0)} of its login, and then everywhere; its idle life was ${idleSeconds} s.`,
  );
};

/** What came of looking at unused sessions; ages in milliseconds. */
interface End {
  /** The least age of the oldest session that was served. */
  readonly servedAt: number;
  /** The greatest age of the first that was refused; null where none was. */
  readonly refusedAt: number | null;
}

/**
 * Null where idleness alone has ended a session. Beyond its absolute life, any session ends.
 * @param surelyMs the age by which idleness must have ended it, the patience included
 */
function troubleWith(
  { servedAt, refusedAt }: End,
  { idleSeconds, absoluteSeconds }: Target['surface'],
  surelyMs: number,
): Found | null {
  if (servedAt > surelyMs)
    return verdict(
      [
        `An unused session is still served ${seconds(servedAt)} after its login, with an idle life of ${idleSeconds} s.`,
      ],
      '',
    );
  if (refusedAt !== null && refusedAt < absoluteSeconds * 1000) return null;
  return unknown(
    `No unused session was looked at between ${seconds(servedAt)} and ${seconds(absoluteSeconds * 1000)} after its login: the machine is too busy. Verify when it is quieter.`,
  );
}

/** A session that every app which may know it has read: so that one which keeps a copy has it. */
async function knownEverywhere(target: Target, home: string): Promise<Visitor> {
  const visitor = await target.signedIn(home);
  for (const url of target.placesFor(home)) await visitor.at(url).read();
  return visitor;
}

/** Looks at one session after the other until one is refused, or one that is too old was served. @param made between which moments all logged in */
async function endOf(
  sessions: readonly Visitor[],
  made: { readonly before: number; readonly after: number },
  { everyMs, surelyMs }: { readonly everyMs: number; readonly surelyMs: number },
  signal: AbortSignal,
): Promise<End> {
  let servedAt = 0;
  for (const visitor of sessions) {
    const asked = performance.now();
    const { status } = await visitor.read();
    if (status === 401) return { servedAt, refusedAt: performance.now() - made.before };
    if (status === 200) servedAt = asked - made.after;
    if (servedAt > surelyMs) break;
    await pause(everyMs, undefined, { signal });
  }
  return { servedAt, refusedAt: null };
}

/** @param visitor whose session is older than its idle life, and was not asked for since */
async function stillServed(target: Target, visitor: Visitor): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const url of target.places) {
    const { status } = await visitor.at(url).read();
    if (status !== 401)
      wrong.push(`A session whose idle life is over is answered with ${status} by ${target.nameOf(url)}.`);
  }
  return wrong;
}

/** The session is read so often that idleness does not end it. */
export const absoluteTimeout: Check = async (target, signal) => {
  const { idleSeconds, absoluteSeconds, patienceSeconds } = target.surface;
  const before = performance.now();
  const visitor = await target.signedIn();
  let answered = performance.now();
  while (performance.now() < before + (absoluteSeconds + patienceSeconds) * 1000) {
    const { status } = await visitor.read();
    const now = performance.now();
    if (status === 401) return judged(now - before, now - answered, target.surface);
    if (status !== 200) return unknown(`A read was answered with ${status}.`);
    answered = now;
    await pause((idleSeconds * 1000) / LOOKS, undefined, { signal });
  }
  return verdict(
    [
      `A session that was in use is still served ${seconds(performance.now() - before)} after its login, with an absolute life of ${absoluteSeconds} s (idle life ${idleSeconds} s).`,
    ],
    '',
  );
};

/** @param age of the session when it was refused, and the time since the read before; in milliseconds */
function judged(age: number, gap: number, { idleSeconds, absoluteSeconds }: Target['surface']): Found {
  // A read moves the deadline on when half of the idle life is over: after a shorter gap, the deadline lay ahead.
  if (gap >= idleSeconds * 500)
    return unknown(
      `Between the last two reads lay ${seconds(gap)}, so that idleness may have ended the session: the machine is too busy. Verify when it is quieter.`,
    );
  if (age < absoluteSeconds * 1000)
    return unknown(
      `A session in use was refused ${seconds(age)} after its login, before its absolute life of ${absoluteSeconds} s was over, so that something else ended it.`,
    );
  return verdict(
    [],
    `A session in use was refused ${seconds(age)} after its login; its absolute life was ${absoluteSeconds} s.`,
  );
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
