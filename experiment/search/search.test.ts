import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clopperPearson } from '../../reports/statistics/distributions/beta.ts';
import { seededRandom } from '../../reports/statistics/random.ts';
import { type SearchOptions, SearchOptionsError, type SearchOutcome, searchDefaults } from './outcome.ts';
import { nextStep } from './search.ts';
import { coverage } from './simulate.ts';
import { searchSystem, systemWithEdge } from './simulated-system.ts';

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

test('a blurred edge below a blurred limit of the generator is found, and one above it is not', () => {
  const random = seededRandom(5);
  const searched = (edge: number, limit: number) =>
    searchSystem(options, (rate) =>
      rate > limit * (0.95 + 0.1 * random.uniform())
        ? 'generator-limited'
        : systemWithEdge(edge, 0.03, random)(rate),
    ).answer;
  for (let i = 0; i < 20; i += 1) {
    assert.equal(searched(2000, 4000).kind, 'found');
    assert.equal(searched(8000, 4000).kind, 'generator-limited');
  }
});

test('a dip in the middle of a strategy ends in an interval, within the budget', () => {
  const { answer, history } = searchSystem(options, (rate) =>
    (rate > 1500 && rate < 2500) || rate > 9000 ? 'broken' : 'kept',
  );
  assert.equal(answer.kind, 'found');
  assert.ok(history.length <= options.maxTrials);
});

test('no trial goes more than one step beyond what is known', () => {
  const random = seededRandom(7);
  for (let i = 0; i < 30; i += 1) {
    const { history } = searchSystem(options, systemWithEdge(3000, 0.2, random));
    history.forEach(({ rate }, at) => {
      const before = history.slice(0, at).map((each) => each.rate);
      if (before.length > 0)
        assert.ok(
          rate <= 2.02 * Math.max(...before) && rate >= Math.min(...before) / 2.02,
          `${rate} after ${before}`,
        );
    });
  }
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

test('outcomes that say nothing of the rate give no narrow answer', () => {
  const random = seededRandom(3);
  const answers = Array.from(
    { length: 20 },
    () => searchSystem(options, () => (random.uniform() < 0.5 ? 'kept' : 'broken')).answer,
  );
  const precise = answers.filter((answer) => answer.kind === 'found' && answer.precise);
  assert.ok(precise.length <= 1, `${precise.length} of 20 claim ±5 %`);
});

test('trials that are all invalid end the search', () => {
  const { answer } = searchSystem(options, () => 'invalid');
  assert.equal(answer.kind, 'unanswered');
  assert.equal(answer.trials, 6);
});

test('the interval holds the true edge as often as it says', () => {
  for (const width of [0.03, 0.15]) {
    const { covered, searches } = coverage(width, 25, 11);
    // The upper bound of the simulation's own interval: the test fails when its confidence can be ruled out.
    assert.ok(
      clopperPearson(covered, searches, 0.99).high >= options.confidence,
      `${covered} of ${searches} at width ${width}`,
    );
  }
});

test('the same seed gives the same search', () => {
  const once = () => searchSystem(options, systemWithEdge(5000, 0.1, seededRandom(9))).history;
  assert.deepEqual(once(), once());
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
