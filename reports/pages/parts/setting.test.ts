import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolWords } from './setting.ts';

test('a commit stands alone only where it is known to name all of the code', () => {
  const commit = '0123456789abcdef';
  const cases = [
    [{ commit, dirty: false }, '1.0.0, commit 0123456789ab'],
    [{ commit, dirty: true }, '1.0.0, commit 0123456789ab, with changes that are not committed'],
    [{ commit, dirty: null }, '1.0.0, commit 0123456789ab, changes unknown'],
    [{ commit: null, dirty: null }, '1.0.0, commit —'],
    // Its commit is not known, and its code was seen to change.
    [{ commit: null, dirty: true }, '1.0.0, commit —, with changes that are not committed'],
  ] as const;
  for (const [code, expected] of cases) assert.equal(toolWords({ version: '1.0.0', ...code }), expected);
});
