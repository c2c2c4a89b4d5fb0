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

test('the first line of /proc/stat is read, and steal is its share of all time', () => {
  const before = parseCpuTimes('cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 2 3 4\n');
  const after = parseCpuTimes('cpu  150 0 100 850 50 0 0 50 30 0\n');
  assert.ok(before && after);
  assert.deepEqual(before, { total: 1000, idle: 850, steal: 0, interrupts: 0, cores: 1 });
  assert.equal(stealShareBetween(before, after), 50 / 200);
  assert.equal(stealShareBetween(after, after), 0);
});

test('what is busy and neither stolen nor accounted for belongs to others', () => {
  const before = parseCpuTimes('cpu  100 0 50 800 50 0 0 0 0 0\n');
  const after = parseCpuTimes('cpu  150 0 100 850 50 0 0 50 0 0\n');
  assert.ok(before && after);
  assert.equal(foreignShareBetween(before, after, 0), 100 / 200);
  assert.equal(foreignShareBetween(before, after, 800_000), 20 / 200);
  assert.equal(foreignShareBetween(before, after, 5_000_000), 0);
});

test('a system without /proc/stat is told apart', () => {
  assert.equal(parseCpuTimes(''), null);
});

test('times of this machine grow', { skip: os.platform() !== 'linux' && 'needs /proc' }, async () => {
  const before = await readCpuTimes();
  const until = performance.now() + 50;
  while (performance.now() < until);
  const after = await readCpuTimes();
  assert.ok(before && after && after.total > before.total);
});
