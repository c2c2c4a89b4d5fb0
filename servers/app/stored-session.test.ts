/** What the app makes of values that somebody has put into its store. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { craftedValues } from '../../experiment/verify/crafted.ts';
import { storeKeyOf } from '../contract/store-key.ts';
import type { RunningApp } from './running-app.ts';
import { signedInFrom } from './stored-session.ts';
import { type Answer, Client, startForTest } from './testing/app-client.ts';
import { control } from './testing/trial-store.ts';

const whole = {
  user: 'ann',
  version: 1,
  parts: Object.fromEntries(Array.from({ length: 8 }, (_, part) => [part, 'x'])),
  startedAt: 1,
  writtenAt: 1,
};

test('nothing comes back but the app’s own values, in objects of its own', () => {
  const found = JSON.parse(
    '{"__proto__":{"isAdmin":true},"save":1,"cookie":{"httpOnly":false},"parts":{"8":"x","__proto__":1}}',
  );
  const stored = { ...whole, ...found, parts: { ...found.parts, ...whole.parts } };
  assert.deepEqual(signedInFrom(stored), whole);
  assert.notEqual(signedInFrom(whole)?.parts, whole.parts);
});

for (const [what, bad] of [
  ['nothing', undefined],
  ['null', null],
  ['a text', 'ann'],
  ['an array', [whole]],
  ['no user', { ...whole, user: undefined }],
  ['an empty user', { ...whole, user: '' }],
  ['a user that no login takes', { ...whole, user: 'x'.repeat(257) }],
  ['an object for a user', { ...whole, user: { $gt: '' } }],
  ['version 0', { ...whole, version: 0 }],
  ['half a version', { ...whole, version: 1.5 }],
  ['an endless version', { ...whole, version: Number.POSITIVE_INFINITY }],
  ['a text for a time', { ...whole, writtenAt: '1' }],
  ['a time that is none', { ...whole, startedAt: Number.NaN }],
  ['no parts', { ...whole, parts: null }],
  ['a part too few', { ...whole, parts: { ...whole.parts, 7: undefined } }],
  ['a part of another type', { ...whole, parts: { ...whole.parts, 3: ['x'] } }],
  ['more payload than a login may ask for', { ...whole, parts: { ...whole.parts, 3: 'x'.repeat(65_536) } }],
] as const)
  test(`a stored value is no session with ${what}`, () => assert.equal(signedInFrom(bad), null));

/** Crafted values that a store would hand on: JSON of something. */
const handedOn = craftedValues().flatMap((each) => {
  const text = each.bytes.toString('utf8');
  try {
    JSON.parse(text);
    return [{ ...each, text }];
  } catch {
    return [];
  }
});

async function withStored(t: TestContext, text: string): Promise<{ app: RunningApp; again(): Client }> {
  const app = await startForTest(t);
  const victim = new Client(app);
  await victim.login('victim');
  const { cookie } = victim;
  const sid = /^session=([\w-]+)\./.exec(cookie ?? '')?.[1] ?? '';
  const again = (): Client => {
    control.texts.set(storeKeyOf(sid), text);
    const client = new Client(app);
    client.cookie = cookie;
    return client;
  };
  return { app, again };
}

for (const { what, text, isSession } of handedOn)
  test(`${what} in the store: the app answers as if there were no session, and lives on`, async (t) => {
    const { app, again } = await withStored(t, text);
    const bystander = new Client(app);
    await bystander.login('bob');
    const expect = (answer: Answer, without: number, served: number): void => {
      assert.ok(answer.status === without || (isSession && answer.status === served), `${answer.status}`);
      assert.doesNotMatch(answer.headers.get('set-cookie') ?? 'HttpOnly', /^(?!.*HttpOnly)/);
    };
    expect(await again().read(), 401, 200);
    expect(await again().write(), 401, 200);
    expect(await again().login('ann'), 201, 201);
    expect(await again().logout(), 401, 204);
    assert.equal((await new Client(app).read()).status, 401);
    assert.deepEqual((await bystander.read()).body, { user: 'bob', version: 1, payloadBytes: 100 });
    assert.equal(Object.hasOwn(Object.prototype, 'user'), false);
  });
