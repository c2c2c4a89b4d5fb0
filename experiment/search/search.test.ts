import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SearchOptions, SearchOptionsError, type SearchOutcome, searchDefaults } from './outcome.ts';
import { nextStep } from './search.ts';
import { searchSystem } from './testing/system.ts';

const options: SearchOptions = { ...searchDefaults, start: 1000, lowest: 10, highest: 100_000 };
const runs = { numRuns: 40 };

test('a cliff is found to ±5 %, wherever it is', () => {
  fc.assert(
    fc.property(fc.double({ min: 11, max: 99_000, noNaN: true }), (edge) => {
      const { answer } = searchSystem(options, (rate) => (rate <= edge ? 'kept' : 'broken'));
      assert.equal(answer.kind, 'found', JSON.stringify(answer));
      if (answer.kind !== 'found') return;
      assert.ok(answer.low <= edge && edge <= answer.high, JSON.stringify({ edge, answer }));
      assert.ok(answer.precise && answer.high / answer.low <= 1.05 / 0.95 + 1e-9, JSON.stringify(answer));
      assert.ok(answer.low <= answer.capacity && answer.capacity <= answer.high);
      assert.ok(answer.trials < options.maxTrials, String(answer.trials));
    }),
    runs,
  );
});

test('no answer rests on one trial on either side of the edge', () => {
  const { answer, history } = searchSystem(options, (rate) => (rate <= 4321 ? 'kept' : 'broken'));
  assert.equal(answer.kind, 'found');
  if (answer.kind !== 'found') return;
  const near = history.filter(({ rate }) => rate > answer.low / 1.06 && rate < answer.high * 1.06);
  assert.ok(near.filter(({ kind }) => kind === 'kept').length >= 3);
  assert.ok(near.filter(({ kind }) => kind === 'broken').length >= 3);
});

test('only the top rate fails: the edge is found just below it', () => {
  for (const highest of [2000, 8000, 64_000, 90_000]) {
    const { answer } = searchSystem({ ...options, highest }, (rate) => (rate < highest ? 'kept' : 'broken'));
    assert.ok(answer.kind === 'found' || answer.kind === 'above-range', JSON.stringify(answer));
    const low = answer.kind === 'found' ? answer.low : answer.atLeast;
    assert.ok(low > highest * 0.85 && low <= highest, JSON.stringify({ highest, answer }));
  }
});

test('nothing passes, everything passes', () => {
  const nothing = searchSystem(options, () => 'broken');
  assert.deepEqual(nothing.answer, { kind: 'below-range', trials: nothing.history.length, atMost: 10 });
  const everything = searchSystem(options, () => 'kept');
  assert.deepEqual(everything.answer, {
    kind: 'above-range',
    trials: everything.history.length,
    atLeast: 100_000,
  });
  for (const { history } of [nothing, everything]) assert.ok(history.length <= 12, String(history.length));
});

test('the limit of the generator is never sold as that of the strategy', () => {
  fc.assert(
    fc.property(fc.double({ min: 20, max: 90_000, noNaN: true }), (limit) => {
      const { answer } = searchSystem(options, (rate) => (rate < limit ? 'kept' : 'generator-limited'));
      assert.equal(answer.kind, 'generator-limited', JSON.stringify(answer));
      if (answer.kind !== 'generator-limited') return;
      assert.ok(
        answer.atLeast !== null && answer.atLeast < limit && answer.atLeast > limit * 0.85,
        JSON.stringify({ limit, answer }),
      );
      assert.ok(answer.generatorLimit >= limit);
    }),
    runs,
  );
  const none = searchSystem(options, () => 'generator-limited');
  assert.equal(none.answer.kind, 'generator-limited');
  if (none.answer.kind === 'generator-limited') assert.equal(none.answer.atLeast, null);
});

test('a strategy slower than the generator is told apart from one that is faster', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 50, max: 40_000, noNaN: true }),
      fc.double({ min: 1.3, max: 3, noNaN: true }),
      (edge, room) => {
        const system = (rate: number) =>
          rate > edge * room ? 'generator-limited' : rate <= edge ? 'kept' : 'broken';
        const { answer } = searchSystem(options, system);
        assert.equal(answer.kind, 'found', JSON.stringify({ edge, room, answer }));
        if (answer.kind !== 'found') return;
        assert.ok(answer.low <= edge && edge <= answer.high);
        assert.ok(answer.precise, JSON.stringify({ edge, room, answer }));
      },
    ),
    runs,
  );
});

test('a hiccup of the generator does not become its limit', () => {
  let first = true;
  const { answer } = searchSystem(options, (rate) => {
    if (rate >= 4000 && first) {
      first = false;
      return 'generator-limited';
    }
    return rate <= 9000 ? 'kept' : 'broken';
  });
  assert.equal(answer.kind, 'found', JSON.stringify(answer));
  if (answer.kind === 'found') assert.ok(answer.low <= 9000 && answer.high >= 9000);
});

test('one wrong outcome in the bracket is outvoted', () => {
  for (const lie of [0, 1, 2, 3]) {
    let trial = -1;
    const { answer } = searchSystem(options, (rate) => {
      trial += 1;
      const kept = rate <= 6000;
      return kept === (trial !== lie) ? 'kept' : 'broken';
    });
    assert.ok(
      answer.kind === 'found' && answer.low <= 6000 && answer.high >= 6000,
      JSON.stringify({ lie, answer }),
    );
  }
});

test('disturbed trials are asked again, and the answer is the same as without them', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 50, max: 40_000, noNaN: true }),
      fc.integer({ min: 3, max: 6 }),
      (edge, every) => {
        let trial = 0;
        const disturbed = searchSystem(options, (rate) => {
          trial += 1;
          return trial % every === 0 ? 'invalid' : rate <= edge ? 'kept' : 'broken';
        });
        const calm = searchSystem(options, (rate) => (rate <= edge ? 'kept' : 'broken'));
        const sound = disturbed.history.filter(({ kind }) => kind !== 'invalid');
        assert.deepEqual(sound, calm.history.slice(0, sound.length));
        assert.ok(
          disturbed.answer.kind === 'found' && disturbed.answer.low <= edge && edge <= disturbed.answer.high,
        );
      },
    ),
    runs,
  );
});

test('a dip in the middle of a strategy ends in an interval, within the budget', () => {
  const { answer, history } = searchSystem(options, (rate) =>
    (rate > 1500 && rate < 2500) || rate > 9000 ? 'broken' : 'kept',
  );
  assert.equal(answer.kind, 'found');
  assert.ok(history.length <= options.maxTrials);
});

test('whatever the outcomes, the search ends within its budget, within its limits, and does not depend on more than them', () => {
  const outcome = fc.constantFrom<SearchOutcome['kind']>('kept', 'broken', 'generator-limited', 'invalid');
  fc.assert(
    fc.property(
      fc.array(outcome, { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 1, max: 35 }),
      fc.integer({ min: 1, max: 100 }),
      (outcomes, maxTrials, lowest) => {
        let trial = -1;
        const limits = { ...options, maxTrials, lowest, start: Math.max(lowest, 100) };
        const { answer, history, steps } = searchSystem(limits, () => {
          trial += 1;
          return outcomes[trial] ?? 'kept';
        });
        assert.ok(history.length <= maxTrials);
        assert.equal(answer.trials, history.length);
        for (const { rate } of history)
          assert.ok(rate >= limits.lowest && rate <= limits.highest, String(rate));
        if (answer.kind === 'found')
          assert.ok(answer.low <= answer.capacity && answer.capacity <= answer.high);
        steps.forEach((step, index) => {
          assert.deepEqual(nextStep(limits, history.slice(0, index)), step);
        });
      },
    ),
    runs,
  );
});

test('trials that are all invalid end the search', () => {
  const { answer } = searchSystem(options, () => 'invalid');
  assert.equal(answer.kind, 'unanswered');
  assert.equal(answer.trials, 6);
});

test('options that make no sense are refused, all mistakes at once', () => {
  assert.throws(
    () => nextStep({ ...options, start: 1, maxTrials: 0, precision: 2 }, []),
    (error: unknown) =>
      error instanceof SearchOptionsError &&
      /start/.test(error.message) &&
      /maxTrials/.test(error.message) &&
      /precision/.test(error.message),
  );
});
