/** All sessions of a user: ended by an administrator, listed and ended by the user. */
import type { z } from 'zod';
import { ownSessions } from '../../../servers/contract/app.ts';
import { type Check, limit, verdict } from '../check.ts';
import { idOf, type Target } from '../target.ts';
import type { Visitor } from '../visitor.ts';

const PATH = '/sessions';

const NO_INDEX =
  'The store keeps no index of users: a user’s sessions can be neither listed nor ended together. What is left is to end everybody’s (`clear`, or a new `session.secret`), or to ask at each request whether the user may still be served.';

const NO_LIST =
  'The store can end all sessions of a user, and cannot tell which there are: it lists none, and ends none by its name.';

/** Whether the app knows of the routes. Another status than 404 is for the checks to judge. */
async function routesOf(target: Target): Promise<{ readonly index: boolean; readonly list: boolean }> {
  const visitor = await target.signedIn();
  const known = async (method: string, path: string): Promise<boolean> =>
    (await visitor.send(method, undefined, {}, path)).status !== 404;
  return { index: await known('DELETE', `${PATH}/others`), list: await known('GET', PATH) };
}

export const endUser: Check = async (target) => {
  if (!(await routesOf(target)).index) return limit(NO_INDEX);
  const [user, other] = [target.newUser(), target.newUser()];
  const cost = new Cost(target);
  const homes = target.places;
  const visitors = await cost.of('logins', homes.length, async () =>
    Promise.all(homes.map((url) => target.signedIn(url, user))),
  );
  const bystander = await target.signedIn(target.surface.balancer, other);
  // What a write makes of the index must not lose it.
  for (const each of visitors) await each.write();
  const ended = await cost.of('end of them all, which each app was asked for', 1, () =>
    target.surface.insides.endUser(user),
  );
  const wrong: string[] = [];
  if (ended !== null && ended !== visitors.length)
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
  const { index, list } = await routesOf(target);
  if (!index) return limit(NO_INDEX);
  const wrong: string[] = [];
  const cost = new Cost(target);
  if (list) wrong.push(...(await troublesThroughBalancer(target)));
  for (const home of target.surface.apps) {
    if (list) wrong.push(...(await troublesOfLists(target, home, cost)));
    wrong.push(...(await troublesOfEndings(target, home, cost)));
  }
  const seen = `${list ? 'A user saw the sessions of that user and no other, and ended one of them.' : NO_LIST} A user ended all others, and all, and nobody else’s.${cost.told}`;
  if (wrong.length > 0) return verdict(wrong, seen);
  return list && !target.surface.tied
    ? verdict([], seen)
    : limit(target.surface.tied ? `${seen} ${TIED}` : seen);
};

const TIED =
  'But each app knows its own sessions alone: those that the same user has with another app are neither listed nor ended by the user, while an administrator reaches every app.';

async function troublesThroughBalancer(target: Target): Promise<readonly string[]> {
  const visitor = await target.signedIn();
  for (let ask = 0; ask < target.surface.apps.length * 2; ask += 1)
    if ((await listOf(visitor)) === null)
      return ['A user whose session is alive cannot list it through the balancer.'];
  return [];
}

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

/** Clients of one user, and one of another. */
interface Scene {
  readonly clients: readonly Visitor[];
  readonly bystander: Visitor;
  readonly wrong: string[];
  expect(what: string, whose: Visitor, status: number): Promise<void>;
}

/** @param home an app; where clients are tied to theirs, all sessions are made there */
async function sceneAt(target: Target, home: string): Promise<Scene> {
  const places = target.placesFor(home);
  const [user, other] = [target.newUser(), target.newUser()];
  const clients = await Promise.all(
    [0, 1, 2, 3].map((index) => target.signedIn(places[index % places.length] ?? home, user)),
  );
  const wrong: string[] = [];
  return {
    clients,
    bystander: await target.signedIn(home, other),
    wrong,
    async expect(what, whose, status) {
      const seen = (await whose.at(home).read()).status;
      if (seen !== status)
        wrong.push(`On ${target.nameOf(home)}, ${what} is answered with ${seen} in place of ${status}.`);
    },
  };
}

const end = (visitor: Visitor, home: string, which: string) =>
  visitor.at(home).send('DELETE', undefined, {}, `${PATH}${which}`);

async function troublesOfLists(target: Target, home: string, cost: Cost): Promise<readonly string[]> {
  const { clients, bystander, wrong, expect } = await sceneAt(target, home);
  const [first, second, third, gone] = clients;
  if (!first || !second || !third || !gone) return [];
  await gone.logout();
  const where = `On ${target.nameOf(home)},`;
  const listed = await cost.of('list', 1, () => listOf(first.at(home)));
  if (listed === null)
    return [`${where} a list of a user’s own sessions has not the shape that it should have.`];
  wrong.push(...troublesOfList(target, listed, clients).map((each) => `${where} ${each}`));
  const theirs = (await listOf(bystander))?.find(({ current }) => current);
  await end(first, home, `/${theirs?.id ?? 'unknown'}`);
  await expect('the session of another user, which a user tried to end,', bystander, 200);
  const seconds = (await listOf(second.at(home)))?.find(({ current }) => current);
  await end(first, home, `/${seconds?.id ?? 'unknown'}`);
  await expect('a session that its user has ended by its name', second, 401);
  await expect('the other session of a user who has ended one', third, 200);
  return wrong;
}

async function troublesOfEndings(target: Target, home: string, cost: Cost): Promise<readonly string[]> {
  const { clients, bystander, wrong, expect } = await sceneAt(target, home);
  const [first, second] = clients;
  if (!first || !second) return [];
  await cost.of('end of all others', 1, () => end(first, home, '/others'));
  await expect('a session that its user has ended with all others', second, 401);
  await expect('the session of whoever ended all others', first, 200);
  await end(first, home, '');
  await expect('a session whose user has ended all', first, 401);
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
    return this.#told.size === 0
      ? ''
      : ` The store’s servers counted, ${[...this.#told.values()].join('; ')}.`;
  }
}
