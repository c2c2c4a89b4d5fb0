import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CapacityStep, capacityAnswer as schema } from '../../record/search.ts';
import { capacityAnswer } from './answer.ts';
import { type SearchOptions, searchDefaults } from './outcome.ts';
import { type System, searchSystem } from './testing/system.ts';

const options: SearchOptions = { ...searchDefaults, start: 1000, lowest: 10, highest: 100_000 };

/** The history of a search against a system, as a run keeps it. */
function search(system: System, limits = options): readonly CapacityStep[] {
  return searchSystem(limits, system).history.map(({ kind, rate }, i) => ({
    ...{ trial: i + 1, rate, phase: 'bracket', outcome: kind },
    why: kind === 'kept' ? [] : [`${kind} at ${rate}`],
  }));
}

test('a limit of the strategy is an interval of three digits, rounded outwards', () => {
  const history = search((rate) => (rate <= 4321 ? 'kept' : 'broken'));
  const answer = capacityAnswer(options, history);
  assert.deepEqual(schema.parse(answer), answer);
  assert.equal(answer.limit, 'strategy');
  assert.equal(answer.ended, 'answered');
  assert.ok(answer.low !== null && answer.high !== null && answer.rate !== null);
  assert.ok(
    answer.low <= 4321 && answer.high >= 4321 && answer.low <= answer.rate && answer.rate <= answer.high,
  );
  for (const each of [answer.low, answer.high, answer.rate]) assert.equal(Number(each.toPrecision(3)), each);
  assert.equal(answer.trials, history.length);
  assert.equal(answer.outcomes.kept + answer.outcomes.broken, history.length);
});

test('the generator, no rate and every rate are limits of their own', () => {
  const generator = capacityAnswer(
    options,
    search((rate) => (rate < 5000 ? 'kept' : 'generator-limited')),
  );
  assert.equal(generator.limit, 'generator');
  assert.ok(generator.rate === null && generator.high === null && (generator.low ?? 0) < 5000);
  assert.ok((generator.generatorLimit ?? 0) >= 5000);
  const none = capacityAnswer(
    options,
    search(() => 'broken'),
  );
  assert.deepEqual([none.limit, none.low, none.high], ['none-passed', null, 10]);
  const all = capacityAnswer(
    options,
    search(() => 'kept'),
  );
  assert.deepEqual([all.limit, all.low, all.high], ['all-passed', 100_000, null]);
});

test('a search that was stopped sells no bound as a limit', () => {
  const [first] = search(() => 'kept');
  assert.ok(first);
  const kept = capacityAnswer(options, [first]);
  assert.deepEqual([kept.limit, kept.low, kept.high, kept.ended], ['unknown', 1000, null, 'stopped']);
  const broken = capacityAnswer(options, [{ ...first, outcome: 'broken' }]);
  assert.deepEqual([broken.limit, broken.low, broken.high], ['unknown', null, 1000]);
  assert.deepEqual(capacityAnswer(options, []).ended, 'stopped');
});

test('trials that all say nothing end the search, with the last reason', () => {
  const answer = capacityAnswer(
    options,
    search(() => 'invalid'),
  );
  assert.deepEqual([answer.limit, answer.ended, answer.why], ['unknown', 'disturbed', 'invalid at 1000']);
});

test('disturbances at the end do not take away what was found', () => {
  let trial = 0;
  const history = search((rate) => {
    trial += 1;
    return trial > 9 ? 'invalid' : rate <= 3000 ? 'kept' : 'broken';
  });
  const answer = capacityAnswer(options, history);
  assert.deepEqual([answer.limit, answer.ended], ['strategy', 'disturbed']);
  assert.ok((answer.low ?? 0) <= 3000 && (answer.high ?? 0) >= 3000);
});

test('after each trial of any search there is a sound answer, and it never says more than was tried', () => {
  const outcome = fc.constantFrom<CapacityStep['outcome']>('kept', 'broken', 'generator-limited', 'invalid');
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 35, maxLength: 35 }), (outcomes) => {
      let trial = -1;
      const history = search(() => {
        trial += 1;
        return outcomes[trial] ?? 'kept';
      });
      for (let n = 0; n <= history.length; n += 1) {
        const answer = schema.parse(capacityAnswer(options, history.slice(0, n)));
        const highestKept = Math.max(
          0,
          ...history
            .slice(0, n)
            .filter((step) => step.outcome === 'kept')
            .map(({ rate }) => rate),
        );
        if (answer.limit !== 'strategy') assert.ok((answer.low ?? 0) <= highestKept, JSON.stringify(answer));
        else assert.ok((answer.low ?? 0) <= (answer.rate ?? 0) && (answer.rate ?? 0) <= (answer.high ?? 0));
      }
    }),
    { numRuns: 30 },
  );
});
