import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbanceOf, type LoudUser, loudest, loudWords } from './noise.ts';
import type { ReasonCode } from './reasons.ts';

const outcomes: readonly (readonly [readonly ReasonCode[], ReturnType<typeof disturbanceOf>])[] = [
  [['host-busy'], 'machine'],
  [['host-steal'], 'machine'],
  [['generator-late', 'host-steal', 'host-busy'], 'machine'],
  [['generator-late'], 'generator'],
  [['machine-stood-still'], 'machine'],
  [['machine-stood-still', 'host-busy', 'counts-unknown', 'generator-late'], 'machine'],
  [['machine-stood-still', 'server-died'], null],
  [['generator-cpu', 'generator-dropped'], 'generator'],
  [['generator-late', 'server-died'], null],
  [['host-busy', 'interrupted'], null],
  [['counts-differ'], null],
];

test('what only the machine or the generator did is a disturbance, and a fault of the trial itself is none', () => {
  for (const [codes, expected] of outcomes)
    assert.equal(disturbanceOf({ status: 'invalid', reasons: codes.map((code) => ({ code })) }), expected);
  assert.equal(disturbanceOf({ status: 'valid', reasons: [] }), null);
});

const users: readonly LoudUser[] = [
  { kind: 'process', name: 'cc1', pid: 7, cores: 0.3 },
  { kind: 'unseen', cores: 0.2 },
  { kind: 'process', name: 'apt-cache', pid: 12_222, cores: 0.62 },
  { kind: 'process', name: 'cc1', pid: 7, cores: 0.1 },
  { kind: 'hypervisor', cores: 0.15 },
];

test('who is loud is told once, by name, the loudest first', () => {
  assert.equal(
    loudWords(loudest(users)),
    'apt-cache (pid 12222) 62 % of a core, cc1 (pid 7) 30 %, processes that cannot be seen 20 %',
  );
  assert.equal(loudWords(loudest(users.slice(4))), 'other machines of this host 15 % of a core');
  assert.equal(loudWords([]), '');
});
