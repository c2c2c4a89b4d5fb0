import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { hostFingerprint } from '../../record/run.ts';
import { foreignShareBetween, parseCpuTimes, readCpuTimes, readHost, stealShareBetween } from './host.ts';

test('the fingerprint follows its schema and names this machine', async () => {
  const host = hostFingerprint.parse(await readHost());
  assert.equal(host.hostname, os.hostname());
  assert.ok(host.memoryBytes > 0);
});

test('the first lines of /proc/stat are read, and steal is its share of all time', () => {
  const before = parseCpuTimes('cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3 4\n', 10);
  const after = parseCpuTimes('cpu  150 0 100 850 50 0 0 50 30 0\ncpu0 1 2 3 4\n', 12);
  assert.ok(before && after);
  assert.deepEqual(before, { total: 1000, idle: 850, steal: 0, interrupts: 0, cores: 1 });
  assert.equal(stealShareBetween(before, after), 50 / 200);
  assert.equal(stealShareBetween(after, after), 0);
});

test('what is busy and neither stolen nor accounted for belongs to others', () => {
  const before = parseCpuTimes('cpu  100 0 50 800 50 0 0 0 0 0\n', 10);
  const after = parseCpuTimes('cpu  150 0 100 850 50 0 0 50 0 0\n', 12);
  assert.ok(before && after);
  assert.equal(foreignShareBetween(before, after, 0), 100 / 200);
  assert.equal(foreignShareBetween(before, after, 800_000), 20 / 200);
  assert.equal(foreignShareBetween(before, after, 5_000_000), 0);
});

test('busy time that the kernel sampled wrong, too much or none, makes nobody loud', () => {
  const stat = (busy: number, idle: number) =>
    `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\ncpu0 1 2 3 4\ncpu1 1 2 3 4\n`;
  const before = parseCpuTimes(stat(0, 0), 0);
  for (const sampled of [0, 300, 440]) {
    const after = parseCpuTimes(stat(sampled, 500), 4);
    assert.ok(before && after);
    assert.equal(foreignShareBetween(before, after, 2_900_000), 10 / 800, `${sampled} ticks`);
  }
});

test('a system without /proc/stat is told apart', () => {
  assert.equal(parseCpuTimes('', 1), null);
});

test('times of this machine grow', { skip: os.platform() !== 'linux' && 'needs /proc' }, async () => {
  const before = await readCpuTimes();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const after = await readCpuTimes();
  assert.ok(before && after && after.total > before.total);
});
