/** Sessions come back as they were written, whole, or not at all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { craftedValues } from '../../../experiment/verify/crafted.ts';
import type { SessionData } from '../../contract/store.ts';
import { LONGEST_TEXT } from '../shared/json-session.ts';
import { newSid, type StoreBench, type StoreKit } from './kit.ts';

const ann: SessionData = {
  cookie: { path: '/', httpOnly: true },
  user: 'ann',
  version: 1,
  parts: { 0: 'x' },
};

/** A session whose every part tells who wrote it, so that a mix of two shows. */
function marked(writer: string, turn: number): SessionData {
  const mark = `${writer}/${turn}`;
  return { writer, turn, head: mark, body: `${mark} `.repeat(200), tail: mark };
}

function assertWhole(session: SessionData | null): asserts session is SessionData {
  assert.ok(session, 'the session is there');
  assert.deepEqual(session, marked(String(session.writer), Number(session.turn)));
}

export function testData(kit: StoreKit, bench: StoreBench): void {
  test('four apps that open the store at once all can', async (t) => {
    const opened = await Promise.all([1, 2, 3, 4].map((instance) => bench.open(t, { instance })));
    await Promise.all(opened.map(({ open }) => open.ready()));
  });

  test('an unknown id is no session and no error', async (t) => {
    const { store } = await bench.open(t);
    assert.equal(await store.get(newSid()), null);
  });

  test('a session comes back as it was set', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await store.set(sid, ann);
    assert.deepEqual(await store.get(sid), ann);
  });

  test('a session is text in the store: later changes to the object do not show', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    const session = { user: 'ann', parts: { 0: 'before' } };
    await store.set(sid, session);
    session.parts[0] = 'after';
    assert.deepEqual(await store.get(sid), { user: 'ann', parts: { 0: 'before' } });
    assert.notEqual(await store.get(sid), await store.get(sid));
  });

  test('an update writes what has changed, and says that the session is there', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await store.set(sid, ann);
    assert.equal(await store.update(sid, { ...ann, version: 2 }, [['version']]), true);
    assert.deepEqual(await store.get(sid), { ...ann, version: 2 });
  });

  test('an update brings back no session, neither one that has ended nor one that ends meanwhile', async (t) => {
    const { store } = await bench.open(t);
    const gone = newSid();
    assert.equal(await store.update(gone, ann, [['version']]), false);
    assert.equal(await store.get(gone), null);
    const sids = Array.from({ length: 50 }, newSid);
    await Promise.all(sids.map((sid) => store.set(sid, ann)));
    const races = sids.flatMap((sid) => [store.update(sid, ann, [['version']]), store.destroy(sid)]);
    await Promise.all(races);
    for (const sid of sids) assert.equal(await store.get(sid), null);
  });

  test('set replaces the whole session', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await store.set(sid, { ...ann, extra: true });
    await store.set(sid, { user: 'ann', version: 2 });
    assert.deepEqual(await store.get(sid), { user: 'ann', version: 2 });
  });

  test('destroy ends one session and no other', async (t) => {
    const { store } = await bench.open(t);
    const [gone, kept] = [newSid(), newSid()];
    await store.set(gone, ann);
    await store.set(kept, ann);
    await store.destroy(gone);
    assert.equal(await store.get(gone), null);
    assert.deepEqual(await store.get(kept), ann);
  });

  test('destroying what is not there is no error', async (t) => {
    const { store } = await bench.open(t);
    await store.destroy(newSid());
  });

  test('ids that differ in case only are different', async (t) => {
    const { store } = await bench.open(t);
    const sid = `Aa-_${newSid()}`;
    await store.set(sid.toLowerCase(), { user: 'low' });
    await store.set(sid.toUpperCase(), { user: 'up' });
    assert.deepEqual(await store.get(sid.toLowerCase()), { user: 'low' });
    assert.deepEqual(await store.get(sid.toUpperCase()), { user: 'up' });
  });

  test('any text survives: emoji, NUL, lone surrogates, quotes, controls', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    const session = {
      user: 'Zoë 👩‍👩‍👧‍👦 日本語 ‏עברית',
      nul: 'a\u0000b',
      lone: '\ud800 and \udfff',
      marks: `'"\\\`;--\r\n\t\u001f\u2028\ufeff$1 %s ?`,
      'key 🔑\u0000': { '': [] },
    };
    await store.set(sid, session);
    assert.deepEqual(await store.get(sid), session);
  });

  test('a session of 100 KB survives', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    const session = { user: 'ann', text: 'ä😀x'.repeat(100_000 / 7) };
    await store.set(sid, session);
    assert.deepEqual(await store.get(sid), session);
  });

  const { largestBytes } = kit;
  if (largestBytes !== undefined) {
    test('a session above the limit is refused with a clear error, and the old one stays', async (t) => {
      const { store } = await bench.open(t);
      const sid = newSid();
      const envelope = JSON.stringify({ text: '' }).length;
      const largest = { text: 'x'.repeat(largestBytes - envelope) };
      await store.set(sid, largest);
      assert.deepEqual(await store.get(sid), largest);
      await assert.rejects(store.set(sid, { text: `${largest.text}x` }), /too large.*limit/);
      assert.deepEqual(await store.get(sid), largest);
    });
  }

  for (const text of ['', '{"user":"an', 'null', '42', '"text"', '[{"user":"ann"}]', '<b>']) {
    test(`a stored ${text === '' ? 'empty text' : text} is no session, is reported, and can be replaced`, async (t) => {
      const { store, warnings } = await bench.open(t);
      const sid = newSid();
      await kit.writeRaw(bench.endpoints, sid, text);
      assert.equal(await store.get(sid), null);
      assert.match(warnings.map(({ message }) => message).join(), /malformed/);
      await store.set(sid, ann);
      assert.deepEqual(await store.get(sid), ann);
    });
  }

  test('whatever somebody has put there is a session or none, and harms nothing', async (t) => {
    const { store } = await bench.open(t);
    for (const { what, bytes } of craftedValues()) {
      const sid = newSid();
      const text = bytes.toString('utf8');
      // Some servers refuse some texts.
      const written = await kit.writeRaw(bench.endpoints, sid, text).then(
        () => true,
        () => false,
      );
      const found = written ? await store.get(sid) : null;
      assert.ok(found === null || Object.getPrototypeOf(found) === Object.prototype, what);
      assert.ok(found === null || text.length <= LONGEST_TEXT, `${what} was parsed`);
    }
    assert.deepEqual(Reflect.ownKeys(Object.prototype).includes('user'), false);
  });

  test('a session that another program wrote is read (the raw writer works)', async (t) => {
    const { store } = await bench.open(t);
    const sid = newSid();
    await kit.writeRaw(bench.endpoints, sid, JSON.stringify(ann));
    assert.deepEqual(await store.get(sid), ann);
  });

  if (kit.topology.services.length > 0) {
    test('two apps that write at once leave what one of them wrote last, whole; readers never see a mix', async (t) => {
      const [a, b, reader] = await Promise.all([1, 2, 3].map((instance) => bench.open(t, { instance })));
      assert.ok(a && b && reader);
      const sid = newSid();
      const turns = 60;
      await a.store.set(sid, marked('a', 0));
      let writing = 2;
      const write = async (app: typeof a, name: string): Promise<void> => {
        for (let turn = 1; turn <= turns; turn += 1) await app.store.set(sid, marked(name, turn));
        writing -= 1;
      };
      const read = async (): Promise<void> => {
        while (writing > 0) assertWhole(await reader.store.get(sid));
      };
      await Promise.all([write(a, 'a'), write(b, 'b'), read(), read()]);
      const last = await reader.store.get(sid);
      assertWhole(last);
      assert.equal(last.turn, turns);
    });

    test('what one app writes, another reads at once', async (t) => {
      const [a, b] = await Promise.all([1, 2].map((instance) => bench.open(t, { instance })));
      assert.ok(a && b);
      const sid = newSid();
      for (let version = 1; version <= 50; version += 1) {
        await a.store.set(sid, { version });
        assert.deepEqual(await b.store.get(sid), { version });
      }
      await a.store.destroy(sid);
      assert.equal(await b.store.get(sid), null);
    });
  }

  test('many sessions at once do not get mixed up', async (t) => {
    const { store } = await bench.open(t);
    const sids = Array.from({ length: 200 }, newSid);
    await Promise.all(sids.map((sid, number) => store.set(sid, marked(sid, number))));
    const found = await Promise.all(sids.map((sid) => store.get(sid)));
    assert.deepEqual(
      found,
      sids.map((sid, number) => marked(sid, number)),
    );
  });
}
