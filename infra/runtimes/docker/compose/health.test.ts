import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthCheck, sleepsForHealth } from './health.ts';

test('a check that sleeps is recognised whatever the image’s sleep is', () => {
  const lines = {
    'a program (Debian)': 'sleep\0' + '86400\0',
    'a program by its path': '/usr/bin/sleep\0' + '86400\0',
    'a script of coreutils-single (Oracle Linux)':
      '/usr/bin/coreutils\0--coreutils-prog-shebang=sleep\0/usr/bin/sleep\0' + '86400\0',
    'a link to busybox (Alpine)': '/bin/sleep\0' + '86400\0',
    'busybox, told which of its programs': '/bin/busybox\0sleep\0' + '86400\0',
    'under an emulator of another processor': '/usr/bin/qemu-aarch64\0/bin/sleep\0sleep\0' + '86400\0',
  };
  for (const [what, line] of Object.entries(lines)) assert.ok(sleepsForHealth(line), what);
});

test('nothing else is taken for a check that sleeps', () => {
  const [, script = ''] = healthCheck('true').test;
  const lines = {
    'the shell before it sleeps': `/bin/sh\0-c\0${script}\0`,
    'another sleep': 'sleep\0' + '86401\0',
    'a server with that number': 'redis-server\0--timeout\0' + '86400\0',
    'a program whose name ends so': 'nosleep\0' + '86400\0',
    'a process that has ended': '',
  };
  for (const [what, line] of Object.entries(lines)) assert.ok(!sleepsForHealth(line), what);
});

test('every engine asks at once, and for longer than any server takes to start', () => {
  const { interval, retries, ...rest } = healthCheck('true');
  assert.deepEqual(
    Object.keys(rest),
    ['test', 'timeout'],
    'a start_period would make engines from 25 on wait 5 s',
  );
  assert.ok(Number.parseInt(interval, 10) * retries >= 60_000);
});
