/** Sessions that are put into a store at once are what the app writes one by one: nothing of them can be told apart. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../../infra/machine/until.ts';
import type { RunningApp } from '../../app/running-app.ts';
import { adminRoutes, difference, held, members } from '../../contract/app.ts';
import { adminToken, appOf } from './app.ts';
import { newSid, type StoreBench, type StoreKit } from './kit.ts';

const none = 'the store has no bulk access; it is filled by its own writes';

async function asked(app: RunningApp, route: string, body: object | null): Promise<unknown> {
  const answer = await fetch(app.adminUrl + route, {
    method: body === null ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body !== null && { 'content-type': 'application/json' }),
    },
    body: body === null ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${route}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

export function testBulk(kit: StoreKit, bench: StoreBench): void {
  test('a population that is put there at once is what logins write, and the app serves it', async (t) => {
    const app = await appOf(kit, bench.endpoints, t);
    await asked(app, adminRoutes.clear, {});
    for (const payloadBytes of [0, 200, 10_000]) {
      const bulk = `b${payloadBytes}`;
      const which = { bulk, from: 3, count: 120, payloadBytes, endsAt: null };
      await asked(app, adminRoutes.fill, which);
      for (const number of [3, 122]) {
        const told = await asked(app, adminRoutes.check, { bulk, number, payloadBytes });
        assert.equal(difference.parse(told).difference, null);
      }
      const beyond = await asked(app, adminRoutes.check, { bulk, number: 123, payloadBytes });
      assert.match(difference.parse(beyond).difference ?? '', /is not in the store/);
      const people = members.parse(await asked(app, adminRoutes.members, { bulk, numbers: [3, 60, 122] }));
      for (const { user, cookies } of people.members) {
        const read = await fetch(`${app.url}/session`, { headers: { cookie: cookies } });
        assert.deepEqual(await read.json(), { user, version: 1, payloadBytes });
        const written = await fetch(`${app.url}/session`, {
          method: 'PATCH',
          headers: { cookie: cookies, 'content-type': 'application/json' },
          body: '{"part":1}',
        });
        assert.deepEqual(await written.json(), { user, version: 2, payloadBytes });
      }
      const [first = assert.fail()] = people.members;
      const changed = await asked(app, adminRoutes.check, { bulk, number: 3, payloadBytes });
      assert.match(difference.parse(changed).difference ?? '', /version/, first.user);
    }
    const { held: count } = held.parse(await asked(app, adminRoutes.held, null));
    assert.equal(count, kit.topology.services.length === 0 ? 360 : null);
    await asked(app, adminRoutes.memory, {});
    await asked(app, adminRoutes.clear, {});
  });

  test('sessions that are put there at once live for as long as they are told to', async (t) => {
    const { open, store } = await bench.open(t);
    const { bulk } = open;
    if (!bulk) return t.skip(none);
    const [short, long] = [newSid(), newSid()];
    await bulk.fill([{ key: short, session: { user: 'ann' } }], 1);
    await bulk.fill([{ key: long, session: { user: 'bob' } }], 600);
    assert.deepEqual(await store.get(long), { user: 'bob' });
    if (kit.clock === 'servers')
      await until('the session has ended', 1_000 + kit.expiresLateByMs + 10_000, async () =>
        assert.equal(await store.get(short), null),
      );
    assert.deepEqual(await store.get(long), { user: 'bob' });
  });

  test('what text a session has is no matter to the way in which it gets there', async (t) => {
    const { open, store } = await bench.open(t);
    const { bulk } = open;
    if (!bulk) return t.skip(none);
    const texts = [
      'a\tb',
      'a\nb\r\n',
      'back\\slash \\N \\.',
      '"quoted"',
      "it's",
      '',
      'ÄÖ€😀',
      '\u0000\u0001',
      '{"a":1}',
    ];
    const sids = texts.map(newSid);
    const session = (text: string) => ({ user: text, parts: { 0: text, [`k${text}`]: text } });
    await bulk.fill(
      texts.map((text, at) => ({ key: sids[at] ?? '', session: session(text) })),
      600,
    );
    for (const [at, text] of texts.entries()) {
      const sid = sids[at] ?? '';
      const filled = await store.get(sid);
      await store.set(sid, session(text));
      assert.deepEqual(filled, await store.get(sid), JSON.stringify(text));
    }
  });
}
