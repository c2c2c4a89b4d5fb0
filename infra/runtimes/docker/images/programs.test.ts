import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { runProgram } from '../../../machine/run.ts';
import { temporaryFolder } from '../../../machine/testing/temporary-folder.ts';
import { serviceKind } from '../../../services/index.ts';
import { parsePlaces, SCRIPT, wordsFor } from './programs.ts';

test('programs in an image are read from what its shell printed', () => {
  const places = parsePlaces('mysqld\t/usr/sbin/mysqld\t/usr/sbin/mariadbd\t\nnot three fields\n');
  const mysqld = { path: '/usr/sbin/mysqld', root: null, resolvedName: 'mariadbd', version: null };
  assert.deepEqual([...places], [['mysqld', mysqld]]);
});

/** What the script finds in a folder of programs with these contents. */
async function found(
  context: TestContext,
  programs: Readonly<Record<string, string>>,
  wanted: readonly string[],
) {
  const folder = temporaryFolder(context);
  for (const [name, script] of Object.entries(programs))
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  symlinkSync('redis-server', path.join(folder, 'redis-sentinel'));
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const { stdout } = await runProgram('/bin/sh', ['-c', SCRIPT, 'sh', ...wanted], { env });
  return parsePlaces(stdout);
}

test('a shell finds programs, those behind links, and asks for versions alone where it is told to', async (context) => {
  const programs = {
    'redis-server': 'test "$1" = --version && echo "Redis server v=8.12.0 sha=0:0" && echo more',
    memcached: 'echo asked',
    broken: 'exit 3',
  };
  const wanted = ['redis-server=--version', 'redis-sentinel', 'memcached', 'broken=-v', 'nonesuch=--version'];
  const places = await found(context, programs, wanted);
  const versions = [...places].map(([name, { resolvedName, version }]) => [name, resolvedName, version]);
  assert.deepEqual(versions, [
    ['redis-server', 'redis-server', 'Redis server v=8.12.0 sha=0:0'],
    ['redis-sentinel', 'redis-server', null],
    ['memcached', 'memcached', null],
    ['broken', 'broken', null],
  ]);
});

test('the version of a server is asked for, whichever of its kind’s programs the image has', async (context) => {
  const { programsInImage, askedWith } = serviceKind('redis').configure({ cluster: true }, 3);
  const said = {
    'redis-server': 'Redis server v=8.12.0 sha=0:0',
    'valkey-server': 'Valkey server v=9.1.4 sha=0:0',
  };
  for (const [name, version] of Object.entries(said)) {
    const places = await found(
      context,
      { [name]: `test "$1" = --version && echo "${version}"` },
      wordsFor(programsInImage, askedWith),
    );
    const chosen = programsInImage.choose(places);
    assert.ok(chosen.status === 'found', name);
    assert.equal(chosen.programs['redis-server']?.version, version);
  }
});
