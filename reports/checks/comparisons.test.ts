import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../document/build.ts';
import { settledBy } from './comparisons.ts';

test('blocks are recommended for what they settle, and not more than a run may have', () => {
  const told = [
    settledBy(5, 1, false),
    settledBy(5, 1, true),
    settledBy(12, 4, false),
    settledBy(12, 4, true),
  ];
  assert.deepEqual(
    told.map((text) => text.split(',')[0]),
    [
      'About 5 blocks (--blocks 5) would settle it',
      'About 5 blocks (--blocks 5) would settle the other',
      'About 12 blocks (--blocks 12) would settle half of them',
      'About 12 blocks (--blocks 12) would settle half of the others',
    ],
  );
  assert.doesNotMatch(settledBy(101, 4, false), /--blocks/);
});

test('what to do never runs into what happened', () => {
  const block = findings([
    { severity: 'warning', code: 'not-sized', message: 'got no right answer', remedy: 'See its trials.' },
  ]);
  assert.ok(block.kind === 'findings');
  assert.equal(block.findings[0]?.text, 'got no right answer.');
});
