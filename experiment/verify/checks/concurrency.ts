/** What several requests of one session at the same time can do to each other. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Check, holds, limit, verdict } from '../check.ts';
import { idOf, type Target } from '../target.ts';
import { sessionIn, type Visitor } from '../visitor.ts';

const AT_A_TIME = 10;
const WRITES = 4;
/** Milliseconds that a logout comes after its writes, from none on: it is to come while they are under way, however fast the store is. */
const LONGEST_HEAD_START = 5;

/** Asks at each place as often as the surface says, some at a time. @param ask with a session whose home is there; `turn` counts the tries */
async function tried<Seen>(
  target: Target,
  signal: AbortSignal,
  ask: (home: string, turn: number) => Promise<Seen>,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const home of target.places)
    for (let batch = 0; batch < target.surface.raceTries; batch += AT_A_TIME) {
      signal.throwIfAborted();
      const turns = Array.from({ length: AT_A_TIME }, (_, at) => ask(home, batch + at));
      seen.push(...(await Promise.all(turns)));
    }
  return seen;
}

/** The same client at so many places in turn; each has the cookies of now. */
const copies = (target: Target, visitor: Visitor, home: string, count: number): readonly Visitor[] => {
  const places = target.placesFor(home);
  return Array.from({ length: count }, (_, turn) => visitor.at(places[turn % places.length] ?? home));
};

/** A write that read the session before the logout, and writes it back after it, would bring it back. */
export const logoutRace: Check = async (target, signal) => {
  const served = await tried(target, signal, async (home, turn) => {
    const visitor = await target.signedIn(home);
    const [leaving = visitor, ...writing] = copies(target, visitor, home, WRITES + 1);
    const writes = Promise.all(writing.map((each) => each.write()));
    const logout = pause(turn % (LONGEST_HEAD_START + 1)).then(() => leaving.logout());
    const [{ status }] = await Promise.all([logout, writes]);
    if (status !== 204) throw new Error(`a logout among writes is answered with ${status}`);
    return await anyServed(target, visitor, home);
  });
  const undone = served.filter(Boolean).length;
  return verdict(
    undone === 0
      ? []
      : [
          `After a logout at the same time as ${WRITES} writes, ${undone} of ${served.length} sessions were served again.`,
        ],
    `${served.length} logouts at the same time as ${WRITES} writes each: no write brought a session back.`,
  );
};

/** Two logins that bring the same old cookie: it must open nothing afterwards, and each new one its own session. */
export const loginRace: Check = async (target, signal) => {
  const wrong = await tried(target, signal, async (home) => {
    const visitor = await target.signedIn(home);
    const users = [target.newUser(), target.newUser()];
    const both = copies(target, visitor, home, users.length);
    const statuses = await Promise.all(both.map((each, i) => each.login(users[i] ?? '')));
    const refused = statuses.find(({ status }) => status !== 201);
    if (refused) throw new Error(`one of two logins is answered with ${refused.status}`);
    if (await anyServed(target, visitor, home)) return 'the old cookie still opens a session';
    if (new Set([visitor, ...both].map((each) => idOf(target.cookieOf(each)))).size !== 3)
      return 'an id is not new';
    const owners = await Promise.all(both.map(async (each) => sessionIn((await each.read()).text)?.user));
    return owners.some((owner, i) => owner !== users[i])
      ? 'a new cookie does not open its own session'
      : null;
  });
  const found = wrong.filter((each) => each !== null);
  const kinds = [...new Set(found)].map((kind) => {
    const times = found.filter((each) => each === kind).length;
    return `After two logins at once with one old cookie, ${kind} (${times} of ${wrong.length} times).`;
  });
  return verdict(
    kinds,
    `${wrong.length} pairs of logins at once with one old cookie: it opened nothing afterwards, and each new one its own session.`,
  );
};

/** A property of the session store contract, and no fault: it is told, so that nobody counts on what is not promised. */
export const lostUpdates: Check = async (target, signal) => {
  const counts = await tried(target, signal, async (home) => {
    const visitor = await target.signedIn(home);
    const answers = await Promise.all(copies(target, visitor, home, WRITES).map((each) => each.write()));
    const failed = answers.find(({ status }) => status !== 200);
    if (failed) throw new Error(`one of ${WRITES} writes at once is answered with ${failed.status}`);
    const after = sessionIn((await visitor.read()).text);
    if (after === null) throw new Error('after writes at once, the session is not served');
    // A login makes version 1, and each write one more.
    return { lost: WRITES - (after.version - 1), kept: after.version - 1 };
  });
  const writes = counts.length * WRITES;
  const without = counts.filter(({ kept }) => kept < 1).length;
  if (without > 0)
    return verdict(
      [`After ${WRITES} acknowledged writes at once, ${without} of ${counts.length} sessions show none.`],
      '',
    );
  const lost = counts.reduce((sum, each) => sum + each.lost, 0);
  return lost === 0
    ? holds(`${writes} writes, ${WRITES} of a session at once: none was lost.`)
    : limit(
        `${lost} of ${writes} acknowledged writes, ${WRITES} of a session at once, were lost to another one: the session store contract (get, change a copy, set) promises nothing else.`,
      );
};

/** Whether a place that may know the session serves it to these cookies. */
async function anyServed(target: Target, visitor: Visitor, home: string): Promise<boolean> {
  const answers = await Promise.all(target.placesFor(home).map((url) => visitor.at(url).read()));
  return answers.some(({ status }) => status !== 401);
}
