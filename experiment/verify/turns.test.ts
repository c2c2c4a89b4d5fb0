import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LANES, Turns } from './turns.ts';

type Kind = 'quiet' | 'loud';

test('a loud check is alone, quiet ones are together, and each has its turn', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom<Kind>('quiet', 'loud'), { maxLength: 12 }),
      async (scheduler, kinds) => {
        const turns = new Turns();
        const now: Kind[] = [];
        let done = 0;
        const work = (kind: Kind) => async () => {
          now.push(kind);
          assert.ok(now.length === 1 || !now.includes('loud'), now.join());
          assert.ok(now.length <= LANES);
          await scheduler.schedule(Promise.resolve());
          now.splice(now.indexOf(kind), 1);
          done += 1;
        };
        const asked = kinds.map((kind) =>
          kind === 'loud' ? turns.loudly(work(kind)) : turns.quietly(work(kind)),
        );
        await scheduler.waitFor(Promise.all(asked));
        assert.equal(done, kinds.length);
      },
    ),
  );
});

test('a check that fails leaves its turn to the next', async () => {
  const turns = new Turns();
  await assert.rejects(turns.loudly(() => Promise.reject(new Error('it burns'))));
  assert.equal(await turns.quietly(async () => 'asked'), 'asked');
});
