/** Servers that restart, are gone or hang: operations fail in bounded time, never wrongly, and work again after. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { until } from '../../../infra/machine/until.ts';
import type { EndingName } from '../../contract/topology.ts';
import { LateError, within } from '../../lib/within.ts';
import { newSid, type OpenForTest, outageTimeoutMs, type StoreBench, type StoreKit } from './kit.ts';

/** A busy machine may run a timer late; a store without a time-out would take far longer than this. */
const boundMs = outageTimeoutMs * 5;
const recoveryMs = 30_000;

const session = { user: 'ann', version: 7 };

export async function assertFailsInTime(what: string, work: Promise<unknown>): Promise<void> {
  await assert.rejects(
    within(boundMs, work),
    (error) => error instanceof Error && !(error instanceof LateError),
    `${what} ends with an error in time`,
  );
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

/** The first answer. A server that the store has not found again may still cause an error, but never a wrong answer. */
function firstAnswer({ store }: OpenForTest, sid: string) {
  return until('the session can be asked for', recoveryMs, () => store.get(sid));
}

/** A session is what it was, or, in a store that forgets, gone. */
async function assertKept(kept: boolean, opened: OpenForTest, sid: string): Promise<void> {
  assert.deepEqual(await firstAnswer(opened, sid), kept ? session : null);
}

/** A session that was acknowledged a while ago outlasts what costs the newest at most. */
const isKept = ({ topology }: Pick<StoreKit, 'topology'>, ending: EndingName): boolean => {
  const fate = topology.outlasts[ending];
  return fate === 'kept' || fate === 'newest-lost';
};

interface Load {
  /** Operations that have ended. */
  ended: number;
  /** Resolves when no operation is under way any more. */
  stop(): Promise<unknown>;
}

/** Reads a session 16 times at once, again and again; errors are allowed, wrong answers are not. */
function startLoad({ store }: OpenForTest, sid: string): Load {
  let stopping = false;
  const read = async (): Promise<void> => {
    while (!stopping) {
      const found = await store.get(sid).catch(() => null);
      if (found !== null) assert.deepEqual(found, session);
      load.ended += 1;
      // Failures may come at once; without a turn of the event loop nothing else would go on.
      await setImmediate();
    }
  };
  const load: Load = {
    ended: 0,
    stop: () => {
      stopping = true;
      return loops;
    },
  };
  const loops = Promise.all(Array.from({ length: 16 }, read));
  return load;
}

export function testOutages(kit: StoreKit, bench: StoreBench): void {
  const openWithSession = async (t: TestContext) => {
    const opened = await bench.open(t, { timeoutMs: outageTimeoutMs });
    const sid = newSid();
    await opened.store.set(sid, session);
    return { opened, sid };
  };

  test('servers that hang: errors in time, then everything is there again', async (t) => {
    const { opened, sid } = await openWithSession(t);
    await bench.services.freeze();
    try {
      await assertAllFail(opened, sid);
      // Connections that were given up must not keep the next operations from failing in time too.
      await assertAllFail(opened, sid);
    } finally {
      await bench.services.thaw();
    }
    await assertWorksAgain(opened);
    assert.deepEqual(await firstAnswer(opened, sid), session);
  });

  test('servers that restart: the store works again by itself', async (t) => {
    const { opened, sid } = await openWithSession(t);
    await bench.restartAll();
    await assertWorksAgain(opened);
    await assertKept(isKept(kit, 'storeRestart'), opened, sid);
  });

  test('servers that are gone and come back', async (t) => {
    const { opened, sid } = await openWithSession(t);
    const busy = await openWithSession(t);
    const load = startLoad(busy.opened, busy.sid);
    await until('the load runs', recoveryMs, () => assert.ok(load.ended > 100));
    await bench.killAll();

    await t.test('operations in flight end', async () => {
      await within(boundMs, load.stop());
    });
    const refused: string[] = [];
    await t.test('operations fail in time', async () => {
      for (let turn = 0; turn < 2; turn += 1) refused.push(await assertAllFail(opened, sid));
    });
    await t.test('a store cannot be opened, and says so in time', (step) =>
      assertFailsInTime('open', bench.open(step, { timeoutMs: outageTimeoutMs })),
    );

    // Still under way when the servers are back, if the store lets operations wait for that; it may then succeed.
    const last = newSid();
    const lastSet = opened.store.set(last, { user: 'never' }).then(
      () => 'set' as const,
      () => 'refused' as const,
    );
    await bench.restartAll();
    if ((await lastSet) === 'refused' && !kit.writesMayShowLate) refused.push(last);

    await t.test('a store can be opened again', async (step) => {
      const options = { timeoutMs: outageTimeoutMs };
      await assertWorksAgain(await until('the store opens', recoveryMs, () => bench.open(step, options)));
    });
    await t.test('stores that were open work again', async () => {
      for (const each of [opened, busy.opened]) await assertWorksAgain(each);
      await assertKept(isKept(kit, 'storeCrash'), opened, sid);
    });
    await t.test('what failed is not carried out later', async () => {
      for (const never of refused) assert.equal(await firstAnswer(opened, never), null);
    });
  });
}
