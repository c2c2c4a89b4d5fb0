import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactName } from './local.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const other = `sha256:${'b'.repeat(64)}`;

test('a builder is given name, tag and digest of the image that is here', () => {
  const cases: readonly (readonly [reference: string, repoDigests: readonly string[], expected: string])[] = [
    ['node:24.21-slim', [`node@${digest}`], `node:24.21-slim@${digest}`],
    ['node:24.21-slim', [`other/node@${other}`, `node@${digest}`], `node:24.21-slim@${digest}`],
    ['node:24.21-slim', [`docker.io/library/node@${digest}`], `node:24.21-slim@${digest}`],
    ['node', [`node@${digest}`], `node@${digest}`],
    ['localhost:5000/node:1', [`localhost:5000/node@${digest}`], `localhost:5000/node:1@${digest}`],
    // Pinned already.
    [`node:24.21-slim@${digest}`, [`node@${other}`, `node@${digest}`], `node:24.21-slim@${digest}`],
    // Made here, a stand-in, or tagged by hand: no registry has it under this name.
    ['node:24.21-slim', [], 'node:24.21-slim'],
    ['mine:1', [`node@${digest}`], 'mine:1'],
    ['node:1', [`my-node@${digest}`], 'node:1'],
  ];
  for (const [reference, repoDigests, expected] of cases)
    assert.equal(exactName(reference, repoDigests), expected, reference);
});
