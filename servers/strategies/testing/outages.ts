/** Servers that restart, are gone or hang: operations fail in bounded time, never wrongly, and work again after. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { until } from '../../../infra/machine/until.ts';
import { type Bench, benchOf, newSid, type OpenForTest, outageTimeoutMs, type StoreKit } from './kit.ts';

/** A busy machine may run a timer late; a store without a time-out would take far longer than this. */
const boundMs = outageTimeoutMs * 5;
const recoveryMs = 30_000;

export async function assertFailsInTime(what: string, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), boundMs);
  });
  const outcome = await Promise.race([
    work.then(
      () => 'success' as const,
      (error: unknown) => (error instanceof Error ? ('failure' as const) : error),
    ),
    late,
  ]);
  clearTimeout(timer);
  assert.equal(outcome, 'failure', `${what} ends with an error in time`);
}

/** Gives the id under which it tried to set a session. */
async function assertAllFail({ store, open }: OpenForTest, sid: string): Promise<string> {
  const never = newSid();
  await Promise.all([
    assertFailsInTime('get', store.get(sid)),
    assertFailsInTime('set', store.set(never, { user: 'never' })),
    assertFailsInTime('destroy', store.destroy(newSid())),
    assertFailsInTime('touch', store.touch(sid, { user: 'ann' })),
    assertFailsInTime('ready', open.ready()),
  ]);
  return never;
}

export async function assertWorksAgain({ store, open }: OpenForTest): Promise<void> {
  await until('the store is ready again', recoveryMs, () => open.ready());
  await until('the store works again', recoveryMs, async () => {
    const sid = newSid();
    await store.set(sid, { user: 'new' });
    assert.deepEqual(await store.get(sid), { user: 'new' });
    await store.destroy(sid);
    assert.equal(await store.get(sid), null);
  });
}

/** The first answer: an error may still come from a server that the store has not found again, a wrong answer never. */
function firstAnswer({ store }: OpenForTest, sid: string) {
  return until('the session can be asked for', recoveryMs, () => store.get(sid));
}

/** Never an error once all is well: a session is what it was, or, in a store that forgets, gone. */
async function assertKept(kit: StoreKit, opened: OpenForTest, sid: string): Promise<void> {
  const found = await firstAnswer(opened, sid);
  assert.deepEqual(found, kit.durable ? { user: 'ann', version: 7 } : null);
}

export function testOutages(kit: StoreKit, bench: Bench): void {
  const session = { user: 'ann', version: 7 };

  test('servers that hang: errors in time, then everything is there again', async () => {
    const opened = await benchOf(bench).open({ timeoutMs: outageTimeoutMs });
    const sid = newSid();
    await opened.store.set(sid, session);
    await benchOf(bench).services.freeze();
    try {
      await assertAllFail(opened, sid);
      // Connections that were given up must not keep the next operations from failing in time too.
      await assertAllFail(opened, sid);
    } finally {
      await benchOf(bench).services.thaw();
    }
    await assertWorksAgain(opened);
    assert.deepEqual(await firstAnswer(opened, sid), session);
  });

  test('servers that restart: the store works again by itself', async () => {
    const opened = await benchOf(bench).open({ timeoutMs: outageTimeoutMs });
    const sid = newSid();
    await opened.store.set(sid, session);
    await benchOf(bench).restartAll();
    await assertWorksAgain(opened);
    await assertKept(kit, opened, sid);
  });

  test('servers that are gone and come back: errors in time, then it works again', async () => {
    const opened = await benchOf(bench).open({ timeoutMs: outageTimeoutMs });
    const sid = newSid();
    await opened.store.set(sid, session);
    await benchOf(bench).killAll();
    const refused = [await assertAllFail(opened, sid), await assertAllFail(opened, sid)];
    // Still under way when the servers are back, if the store lets operations wait for that; it may then succeed.
    const last = newSid();
    const lastSet = opened.store.set(last, { user: 'never' }).then(
      () => 'set' as const,
      () => 'refused' as const,
    );
    await benchOf(bench).restartAll();
    if ((await lastSet) === 'refused') refused.push(last);
    await assertWorksAgain(opened);
    await assertKept(kit, opened, sid);
    for (const never of refused) {
      assert.equal(await firstAnswer(opened, never), null, 'what failed is not carried out later');
    }
  });

  test('a store whose servers are gone cannot be opened, and says so in time', async () => {
    await benchOf(bench).killAll();
    await assertFailsInTime('open', benchOf(bench).open({ timeoutMs: outageTimeoutMs }));
    await benchOf(bench).restartAll();
    const opened = await until('the store opens', recoveryMs, () =>
      benchOf(bench).open({ timeoutMs: outageTimeoutMs }),
    );
    await assertWorksAgain(opened);
  });

  test('operations in flight when servers die end too', async () => {
    const opened = await benchOf(bench).open({ timeoutMs: outageTimeoutMs });
    const sid = newSid();
    await opened.store.set(sid, session);
    let ended = 0;
    let dead = false;
    const load = async (): Promise<void> => {
      while (!dead) {
        await opened.store.get(sid).then(
          (found) => {
            if (found !== null) assert.deepEqual(found, session);
          },
          () => {},
        );
        ended += 1;
        // Failures may come at once; without a turn of the event loop nothing else would go on.
        await setImmediate();
      }
    };
    const loops = Array.from({ length: 16 }, load);
    await until('the load runs', recoveryMs, () => assert.ok(ended > 100));
    await benchOf(bench).killAll();
    dead = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('an operation hangs'), boundMs);
    });
    const outcome = await Promise.race([Promise.all(loops).then(() => 'all ended'), late]);
    clearTimeout(timer);
    assert.equal(outcome, 'all ended');
    await benchOf(bench).restartAll();
    await assertWorksAgain(opened);
  });
}
