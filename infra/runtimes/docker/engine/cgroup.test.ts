import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../machine/testing/temporary-folder.ts';
import { controlGroupOf, cpuMicrosOf, memoryBytesOf } from './cgroup.ts';

const version1 = `
36 28 0:31 / /sys/fs/cgroup rw - tmpfs tmpfs rw
37 36 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct
38 36 0:33 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory
39 36 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`;
const version2 = '31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';

test('the counters of a container are found where either version of control groups is mounted', () => {
  const reading = (mounts: string, membership: string) => (file: string) =>
    file === '/proc/self/mountinfo' ? mounts : membership;
  const first = '4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/docker/abc\n';
  assert.deepEqual(controlGroupOf(7, reading(version1, first)), {
    version: 1,
    cpu: '/sys/fs/cgroup/cpu,cpuacct/docker/abc',
    memory: '/sys/fs/cgroup/memory/docker/abc',
  });
  const second = '/sys/fs/cgroup/system.slice/docker-abc.scope';
  assert.deepEqual(controlGroupOf(7, reading(version2, '0::/system.slice/docker-abc.scope\n')), {
    version: 2,
    cpu: second,
    memory: second,
  });
  assert.throws(() => controlGroupOf(7, reading('', first)), /run session-bench on the machine/);
});

test('CPU time and memory are read in both versions; a group that is gone used nothing', (context) => {
  const folder = temporaryFolder(context);
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  write('cpuacct.usage', '1500000000\n');
  write('memory.stat', 'rss 1\ntotal_rss 4096\ntotal_mapped_file 8192\ntotal_cache 99999\n');
  const first = { version: 1, cpu: folder, memory: folder } as const;
  assert.equal(cpuMicrosOf(first), 1_500_000);
  assert.equal(memoryBytesOf(first), 12_288);
  write('cpu.stat', 'usage_usec 2500\nuser_usec 2000\nsystem_usec 500\n');
  write('memory.stat', 'anon 4096\nfile 99999\nfile_mapped 4096\n');
  const second = { version: 2, cpu: folder, memory: folder } as const;
  assert.equal(cpuMicrosOf(second), 2500);
  assert.equal(memoryBytesOf(second), 8192);
  const gone = path.join(folder, 'gone');
  assert.equal(cpuMicrosOf({ version: 2, cpu: gone, memory: gone }), 0);
  assert.equal(memoryBytesOf({ version: 1, cpu: gone, memory: gone }), null);
});
