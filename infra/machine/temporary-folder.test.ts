import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { closedTemporaryFolder } from './temporary-folder.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const stranger = { uid: 54_321, gid: 54_321 };

test('a closed folder on the way is named with its remedy, an open one is no lack', async (context) => {
  const outer = temporaryFolder(context);
  const inner = path.join(outer, 'inner');
  await mkdir(inner);
  await chmod(inner, 0o711);

  const lack = closedTemporaryFolder(inner, stranger);
  assert.ok(lack);
  assert.ok(lack.why.includes(`${outer} is closed`), lack.why);
  assert.ok(lack.remedy.includes(`chmod o+x ${outer}`));

  await chmod(outer, 0o711);
  assert.equal(closedTemporaryFolder(inner, stranger), null);
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  assert.equal(closedTemporaryFolder(inner, own), null);
});

test('whoever runs servers as himself reaches his own folders', () => {
  assert.equal(closedTemporaryFolder('/root/nowhere', null), null);
});
