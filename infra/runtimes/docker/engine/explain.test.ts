import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explained } from './explain.ts';

test('what the engine refuses comes with the next step', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['write /var/lib/docker/tmp: no space left on device', /docker system df/],
    ['permission denied while trying to connect to the Docker daemon socket', /group docker/],
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', /start it/],
    ['all predefined address pools have been fully subnetted', /docker network prune/],
    ['Bind for 127.0.0.1:8001 failed: port is already allocated', /run the command again/],
    [
      'failed to create network sb-1_default: Error response from daemon: Pool overlaps with other one on this address space',
      /run the command again/,
    ],
    ['manifest for redis:nonesuch not found: manifest unknown', /--image KIND=IMAGE/],
    ['Fatal glibc error: CPU does not support x86-64-v2', /newer processors than this one \(.+\).*-cpu host/],
    ['Fatal glibc error: CPU does not support x86-64-v3', /newer processors than this one/],
    ['/usr/sbin/mysqld: Illegal instruction (core dumped)', /newer processors than this one/],
    ['exec /bin/sh: exec format error', /another kind of processor/],
    ['exec /opt/session-bench/node: no such file or directory', /Alpine/],
    ['standard_init_linux.go:228: exec user process caused: no such file or directory', /Alpine/],
    ['node: error while loading shared libraries: libstdc++.so.6: cannot open shared object file', /Debian/],
    ["node: /lib/libc.so.6: version `GLIBC_2.28' not found (required by node)", /Debian/],
    ['dial tcp: lookup registry-1.docker.io: no such host', /--offline/],
  ];
  for (const [words, next] of cases) assert.match(explained('it failed', words), next, words);
});
