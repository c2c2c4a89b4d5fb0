import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownsProcess } from './own-processes.ts';

const [ours, other] = ['a'.repeat(64), 'b'.repeat(64)];

const cases: readonly (readonly [string, string, boolean])[] = [
  ['redis-server', `0::/system.slice/docker-${ours}.scope\n`, true],
  ['redis-server', `12:cpu,cpuacct:/docker/${ours}\n11:memory:/docker/${ours}\n`, true],
  ['redis-server', `0::/system.slice/docker-${other}.scope\n`, false],
  ['redis-server', '0::/user.slice/user-0.slice\n', false],
  ['dockerd', '0::/system.slice/docker.service\n', true],
  ['containerd-shim', '0::/system.slice/containerd.service\n', true],
  ['docker', '0::/user.slice\n', false],
];

test('the engine and our containers are ours, and those of others are not', () => {
  const containers = new Set([ours]);
  for (const [name, groups, expected] of cases)
    assert.equal(
      ownsProcess({ pid: 7, name }, containers, () => groups),
      expected,
      `${name} ${groups}`,
    );
  const gone = (): string => {
    throw new Error('ENOENT');
  };
  assert.equal(ownsProcess({ pid: 7, name: 'redis-server' }, containers, gone), false);
});
