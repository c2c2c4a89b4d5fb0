import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, perSecond } from '../../record/counted.ts';
import { inventedStrategies } from '../fixtures/run-folder.ts';
import { reportedWith } from '../fixtures/temporary.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { upperFirst } from './format.ts';
import { sightSize } from './sentence.ts';
import { formatTimes } from './verdict.ts';

test('what is too large or too small to say anything is no number', () => {
  const told = [1e-24, 0.002, 0.5, 12.34, 1000, 1001, 1e46].map(formatTimes);
  assert.deepEqual(told, ['< 0.001', '0.002', '0.50', '12.3', '1,000', '> 1,000', '> 1,000']);
  assert.deepEqual([1.12, 2.3, 100, 461, 8.8e61].map(sightSize), [
    '12 %',
    'a factor of 2.3',
    'a factor of 100',
    'more than a factor of 100',
    'more than a factor of 100',
  ]);
});

test('a noun goes with the number that is seen, and names of files keep their letters', () => {
  assert.deepEqual(
    [1, 1.2, 2].map((rate) => perSecond(rate, 'request')),
    ['1 request/s', '1 request/s', '2 requests/s'],
  );
  assert.equal(counted(1, 'block'), '1 block');
  assert.equal(
    upperFirst('trials/001-redis/trial.json: it is cut off'),
    'trials/001-redis/trial.json: it is cut off',
  );
  assert.equal(upperFirst('what was kept'), 'What was kept');
});

test('two thin blocks that differ wildly give no absurd number in any output', async (context) => {
  const { document, summary } = await reportedWith(context, {
    strategies: inventedStrategies.filter(({ name }) => name === 'redis' || name === 'sticky'),
    ...{ blocks: 2, measureSeconds: 1.5, rate: 7 },
    answer: ({ strategy, block, usual }) => (strategy === 'redis' && block === 2 ? 40 * usual : usual),
  });
  for (const text of [terminal(document), markdown(document), junit(document), summary.details.join(' ')]) {
    assert.doesNotMatch(text, /\de\+\d/);
    assert.doesNotMatch(text, /factor of \d{4}|–\d{5}/);
  }
  assert.match(markdown(document), /trials of 1\.5 seconds/);
  const open = summary.findings.find(({ code }) => code === 'inconclusive');
  if (!/no practical number/.test(open?.message ?? '')) assert.doesNotMatch(open?.remedy ?? '', /the others/);
});
