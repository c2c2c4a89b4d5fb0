/** All sessions of a user: ended by an administrator, listed and ended by the user. */
import { z } from 'zod';
import { ownSessions } from '../../../servers/contract/app.ts';
import { type Check, type Found, limit, verdict } from '../check.ts';
import { idOf, type Target } from '../target.ts';
import { Visitor } from '../visitor.ts';

const PATH = '/sessions';

const NO_INDEX =
  'The store keeps no index of users: a user’s sessions can be neither listed nor ended together. What is left is to end everybody’s (`clear`, or a new `session.secret`), or to ask at each request whether the user may still be served.';

/** Whether the app knows of the route. Another status than 404 is for the checks to judge. */
async function hasIndex(target: Target): Promise<boolean> {
  const visitor = await target.signedIn();
  return (await visitor.send('GET', undefined, {}, PATH)).status !== 404;
}

export const endUser: Check = async (target) => {
  if (!(await hasIndex(target))) return limit(NO_INDEX);
  const [user, other] = [target.newUser(), target.newUser()];
  const cost = new Cost(target);
  const homes = target.places;
  const visitors = await cost.of('logins', homes.length, async () =>
    Promise.all(homes.map((url) => target.signedIn(url, user))),
  );
  const bystander = await target.signedIn(target.surface.balancer, other);
  // What a write makes of the index must not lose it.
  for (const each of visitors) await each.write();
  const ended = await cost.of('end of them all', 1, () => target.surface.insides.endUser(user));
  const wrong: string[] = [];
  if (ended !== visitors.length)
    wrong.push(`Of ${visitors.length} sessions of a user, ${ended} are said to have been ended.`);
  for (const [index, visitor] of visitors.entries()) {
    const home = homes[index] ?? target.surface.balancer;
    for (const url of target.placesFor(home)) {
      const { status } = await visitor.at(url).read();
      if (status !== 401)
        wrong.push(
          `After all sessions of a user were ended, one of ${target.nameOf(home)} is answered with ${status} by ${target.nameOf(url)}.`,
        );
    }
  }
  if ((await bystander.read()).status !== 200) wrong.push('The session of another user was ended, too.');
  if ((await (await target.signedIn(target.surface.balancer, user)).read()).status !== 200)
    wrong.push('The user cannot log in again.');
  return verdict(
    wrong,
    `${visitors.length} sessions of a user were ended at once, and no other.${cost.told}`,
  );
};

export const userSessions: Check = async (target) => {
  if (!(await hasIndex(target))) return limit(NO_INDEX);
  const wrong: string[] = [];
  const cost = new Cost(target);
  const visitor = await target.signedIn();
  for (let ask = 0; ask < target.surface.apps.length * 2; ask += 1)
    if ((await listOf(visitor)) === null)
      wrong.push('A user whose session is alive cannot list it through the balancer.');
  for (const home of target.surface.apps) wrong.push(...(await troublesAt(target, home, cost)));
  const seen = `A user saw the sessions of that user and no other, ended one, all others, and all.${cost.told}`;
  return target.surface.tied && wrong.length === 0 ? limited(seen) : verdict(wrong, seen);
};

const limited = (seen: string): Found =>
  limit(
    `${seen} But each app knows its own sessions alone: those that the same user has with another app are neither listed nor ended by the user, while an administrator reaches every app.`,
  );

type Listed = z.infer<typeof ownSessions>['sessions'];

async function listOf(visitor: Visitor): Promise<Listed | null> {
  const { status, text } = await visitor.send('GET', undefined, {}, PATH);
  if (status !== 200) return null;
  const found = ownSessions.safeParse(parsed(text));
  return found.success ? found.data.sessions : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param home an app; where clients are tied to theirs, all sessions are made there */
async function troublesAt(target: Target, home: string, cost: Cost): Promise<readonly string[]> {
  const places = target.placesFor(home);
  const at = (index: number): string => places[index % places.length] ?? home;
  const [user, other] = [target.newUser(), target.newUser()];
  const visitors = await Promise.all([0, 1, 2, 3].map((index) => target.signedIn(at(index), user)));
  const bystander = await target.signedIn(home, other);
  const [first, second, third, gone] = visitors;
  if (!first || !second || !third || !gone) return [];
  await gone.logout();
  const where = `On ${target.nameOf(home)},`;
  const listed = await cost.of('list', 1, () => listOf(first.at(home)));
  const foreign = (await listOf(bystander)) ?? [];
  if (listed === null) return [`${where} a list of a user’s own sessions has not the shape that it should have.`];
  const wrong = troublesOfList(target, listed, visitors).map((each) => `${where} ${each}`);
  const expect = async (what: string, whose: Visitor, status: number): Promise<void> => {
    const seen = (await whose.at(home).read()).status;
    if (seen !== status) wrong.push(`${where} ${what} is answered with ${seen} in place of ${status}.`);
  };
  const [theirs] = foreign;
  if (theirs !== undefined) {
    await first.at(home).send('DELETE', undefined, {}, `${PATH}/${theirs.id}`);
    await expect('the session of another user, which a user tried to end,', bystander, 200);
  }
  const seconds = (await listOf(second.at(home)))?.find(({ current }) => current);
  await first.at(home).send('DELETE', undefined, {}, `${PATH}/${seconds?.id ?? 'unknown'}`);
  await expect('a session that its user has ended by its name', second, 401);
  await expect('the other session of a user who has ended one', third, 200);
  await cost.of('end of all others', 1, () => first.at(home).send('DELETE', undefined, {}, `${PATH}/others`));
  await expect('a session that its user has ended with all others', third, 401);
  await expect('the session of whoever ended all others', first, 200);
  // With the cookies of now: the answer to the next clears them.
  const before = first.at(home);
  await first.at(home).send('DELETE', undefined, {}, PATH);
  await expect('a session whose user has ended all', before, 401);
  await expect('the session of another user', bystander, 200);
  return wrong;
}

/** @param visitors the user's clients, of whom the last has logged out, and the first has asked */
function troublesOfList(target: Target, listed: Listed, visitors: readonly Visitor[]): readonly string[] {
  const text = JSON.stringify(listed);
  const ids = visitors.flatMap((each) => {
    const value = each.cookies.get(target.cookieName);
    return value === undefined ? [] : [idOf(value)];
  });
  return [
    ...(listed.length === visitors.length - 1
      ? []
      : [`a user with ${visitors.length - 1} sessions sees ${listed.length}.`]),
    ...(listed.filter(({ current }) => current).length === 1
      ? []
      : ['not exactly one of the sessions is said to be the one that asks.']),
    ...(ids.some((id) => id !== '' && text.includes(id)) ? ['the list has ids, each of them a login.'] : []),
  ];
}

/** What the store's servers were sent, for whoever asks what an index of users costs. */
class Cost {
  readonly #target: Target;
  readonly #told = new Map<string, string>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Counts what `work` sends, by the servers' names of commands. @param times how often it does the same */
  async of<Result>(what: string, times: number, work: () => Promise<Result>): Promise<Result> {
    const before = await this.#target.surface.storeCommands();
    const result = await work();
    const after = await this.#target.surface.storeCommands();
    const sent = Object.entries(after).flatMap(([name, count]) => {
      const more = count - (before[name] ?? 0);
      return more > 0 ? [`${more} ${name}`] : [];
    });
    if (sent.length > 0)
      this.#told.set(what, `${times > 1 ? `${times} ` : ''}${what}: ${sent.toSorted().join(', ')}`);
    return result;
  }

  /** A sentence with a blank before it; empty where no server was sent anything. */
  get told(): string {
    return this.#told.size === 0 ? '' : ` The store’s servers counted, ${[...this.#told.values()].join('; ')}.`;
  }
}
