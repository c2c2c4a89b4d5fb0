import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeSections } from './describe.ts';

test('the list names what stands in the way and what to do', () => {
  const text = describeSections(
    [
      { title: 'One', findings: [{ name: 'long name', status: 'good', detail: 'yes', remedy: null }] },
      { title: 'Two', findings: [{ name: 'x', status: 'bad', detail: 'no', remedy: 'do this' }] },
    ],
    false,
  );
  const [list] = text.split('\n\n✔ good');
  assert.equal(list, 'One\n  ✔ long name  yes\n\nTwo\n  ✖ x          no\n               → do this');
  assert.match(text, /Not everything can run/);
});
