/** The search on systems that keep a promise now and break it then, near their edge: by simulation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SearchOptions, searchDefaults } from '../../experiment/search/outcome.ts';
import { searchSystem } from '../../experiment/search/testing/system.ts';
import { clopperPearson } from '../../reports/statistics/distributions/beta.ts';
import { seededRandom } from '../../reports/statistics/random.ts';
import { coverage, systemWithEdge } from './simulate.ts';

const options: SearchOptions = { ...searchDefaults, start: 1000, lowest: 10, highest: 100_000 };

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

test('outcomes that say nothing of the rate give no narrow answer', () => {
  const random = seededRandom(3);
  const answers = Array.from(
    { length: 20 },
    () => searchSystem(options, () => (random.uniform() < 0.5 ? 'kept' : 'broken')).answer,
  );
  const precise = answers.filter((answer) => answer.kind === 'found' && answer.precise);
  assert.ok(precise.length <= 1, `${precise.length} of 20 claim ±5 %`);
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
