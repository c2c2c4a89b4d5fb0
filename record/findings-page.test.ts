import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { findingsFile, findingsPage } from './findings-page.ts';

test('docs/findings.md lists the catalogue', async () => {
  assert.equal(
    await readFile(findingsFile, 'utf8'),
    findingsPage(),
    'write it again with "node record/findings-page.ts"',
  );
});
