/** Programs of this machine, on a PATH of the test's own. */
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../machine/testing/temporary-folder.ts';
import { serviceKind } from '../../services/index.ts';
import { programsOf } from './programs.ts';

test('a server is asked for its version, which its settings follow', async (context) => {
  const folder = temporaryFolder(context);
  // For the user that servers run as.
  chmodSync(folder, 0o755);
  const version = 'Redis server v=8.12.0 sha=0:0';
  const script = `#!/bin/sh\ntest "$1" = --version && echo "${version}" && echo more\n`;
  writeFileSync(path.join(folder, 'redis-server'), script, { mode: 0o755 });
  const before = process.env.PATH;
  context.after(() => {
    process.env.PATH = before;
  });
  process.env.PATH = `${folder}:${before}`;
  const { found } = await programsOf([serviceKind('redis').configure({}, 1)], () => {});
  assert.equal(found.get('redis-server')?.version, version);
});
