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
    ['manifest for redis:nonesuch not found: manifest unknown', /--image KIND=IMAGE/],
    ['dial tcp: lookup registry-1.docker.io: no such host', /--offline/],
  ];
  for (const [words, next] of cases) assert.match(explained('it failed', words), next, words);
});
