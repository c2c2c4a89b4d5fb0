import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { logStream } from './log-stream.ts';

test('a line is written at once', (t) => {
  const file = path.join(os.tmpdir(), `sb-log-${process.pid}`);
  const descriptor = openSync(file, 'w');
  t.after(() => rmSync(file));
  logStream(descriptor).write('store failed\n');
  closeSync(descriptor);
  assert.equal(readFileSync(file, 'utf8'), 'store failed\n');
  logStream(descriptor).write('the file is closed\n');
});

test('a line for which the disk has no room is dropped', { skip: !existsSync('/dev/full') }, (t) => {
  const descriptor = openSync('/dev/full', 'w');
  t.after(() => closeSync(descriptor));
  logStream(descriptor).write('store failed\n');
});
