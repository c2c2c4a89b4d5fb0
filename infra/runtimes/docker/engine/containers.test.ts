import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf, plainLog } from './containers.ts';

test('a log is read from the engine’s frames, half a frame at its end left out', () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8);
    header[0] = stream;
    header.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([header, Buffer.from(text)]);
  };
  assert.equal(plainLog(Buffer.concat([frame(1, 'out ä\n'), frame(2, 'err\n')])), 'out ä\nerr\n');
  assert.equal(plainLog(Buffer.concat([frame(1, 'out\n'), Buffer.from([1, 0, 0])])), 'out\n');
  assert.equal(plainLog(Buffer.alloc(0)), '');
});

test('the end of a container is told as what it was', () => {
  const state = { exitCode: 137, outOfMemory: true, memoryMiB: 64, error: '' };
  assert.match(causeOf(state), /out of memory.*64 MiB/);
  assert.equal(causeOf({ ...state, outOfMemory: false }), 'SIGKILL');
  assert.equal(causeOf({ ...state, outOfMemory: false, exitCode: 3 }), 'exit code 3');
  assert.equal(causeOf({ ...state, outOfMemory: false, error: 'no such file' }), 'no such file');
});
