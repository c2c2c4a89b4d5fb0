import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inSharedProcesses } from './shared-process.ts';

const root = '/checkout';
const at = (file: string) => path.join(root, file);

test('files of folders that share a process are one module, which comes first and is gone in the end', () => {
  const files = ['servers/a.test.ts', 'reports/b.test.ts', 'record/deep/c.test.ts', 'reported/d.test.ts'].map(
    at,
  );
  const { files: run, remove } = inSharedProcesses(root, files, [['record', 'reports'], ['tests']]);
  const [module = '', ...others] = run;
  assert.deepEqual(others, [files[0], files[3]]);
  const imported = ['reports/b.test.ts', 'record/deep/c.test.ts'].map(
    (file) => `import ${JSON.stringify(pathToFileURL(at(file)).href)};\n`,
  );
  assert.equal(readFileSync(module, 'utf8'), imported.join(''));
  remove();
  assert.ok(!existsSync(path.dirname(module)));
});

test('one file alone keeps its process, so that its name is that of the file', () => {
  const files = ['reports/b.test.ts', 'servers/a.test.ts'].map(at);
  assert.deepEqual(inSharedProcesses(root, files, [['record', 'reports']]).files, files);
});
