import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../machine/testing/temporary-folder.ts';
import { writeContext } from './build.ts';

test('what goes into an image is open to the users of its containers, whatever the umask', async (context) => {
  const before = process.umask(0o077);
  context.after(() => process.umask(before));
  const [folder, program] = [temporaryFolder(context), path.join(temporaryFolder(context), 'k6')];
  await writeFile(program, 'a program', { mode: 0o700 });
  const image = path.join(folder, 'image');
  await mkdir(image);
  await writeContext(image, {
    dockerfile: 'FROM scratch\n',
    files: new Map([
      ['servers/app/main.ts', { content: '// the app\n' }],
      ['bin/k6', { copyOf: program }],
    ]),
  });
  const expected = [
    ['servers', 0o755],
    ['servers/app', 0o755],
    ['servers/app/main.ts', 0o644],
    ['bin', 0o755],
    ['bin/k6', 0o755],
  ] as const;
  for (const [name, mode] of expected)
    assert.equal((await stat(path.join(image, name))).mode & 0o777, mode, name);
});
