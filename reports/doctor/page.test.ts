import assert from 'node:assert/strict';
import { test } from 'node:test';
import { terminal } from '../render/terminal.ts';
import { doctorPage } from './page.ts';

test('the list names what stands in the way and what to do', () => {
  const parts = [
    { title: 'One', findings: [{ name: 'long name', status: 'good', detail: 'yes', remedy: null }] },
    { title: 'Two', findings: [{ name: 'x', status: 'bad', detail: 'no\nand no', remedy: 'do this' }] },
  ] as const;
  const text = terminal(doctorPage(parts, false));
  assert.ok(
    text.includes('One\n  ✔ long name  yes\n\nTwo\n  ✖ x  no\n       and no\n       → do this'),
    text,
  );
  assert.match(text, /^Not everything can run/);
  assert.match(terminal(doctorPage([], true)), /^Every strategy can run/);
});
