import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { securityChecksFile, securityChecksPage } from './security-checks-page.ts';

test('docs/security-checks.md lists the catalogue', async () => {
  assert.equal(
    await readFile(securityChecksFile, 'utf8'),
    securityChecksPage(),
    'write it again with "node record/security-checks-page.ts"',
  );
});
