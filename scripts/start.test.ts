import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../infra/machine/run.ts';

const start = path.join(import.meta.dirname, 'start.mjs');
const commands = [
  'bench',
  'compare',
  'selftest',
  'verify',
  'report',
  'advise',
  'overview',
  'doctor',
  'images',
  'strategies',
  'benchmark',
  'test',
  'check',
];

test('on a Node.js that cannot read TypeScript, every command says what to do', async () => {
  for (const command of commands) {
    const { exitCode, stderr } = await runProgram(process.execPath, ['--no-strip-types', start, command]);
    assert.equal(exitCode, 69);
    assert.match(stderr, new RegExp(`npm run ${command}\\b`));
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
});
