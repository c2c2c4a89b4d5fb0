/** The checks have teeth: each flaw is found in its own cell, and in no other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SecurityCheckId, securityCheckIds, securityChecks } from '../../record/security-checks.ts';
import type { CheckResult } from '../../record/verification.ts';
import { askInTurn, askTogether } from './ask.ts';
import { endingChecks, ordinaryChecks } from './checks/index.ts';
import { type Flaw, startFlawed } from './testing/flawed-app.ts';

const { signal } = new AbortController();

async function ask(flaw: Flaw, checks: 'ordinary' | 'endings'): Promise<readonly CheckResult[]> {
  const { surface, close } = await startFlawed(flaw, checks === 'ordinary' ? 'long' : 'short');
  try {
    return await (checks === 'ordinary'
      ? askInTurn(surface, ordinaryChecks, signal)
      : askTogether(surface, endingChecks, signal));
  } finally {
    await close();
  }
}

const broken = (results: readonly CheckResult[]) =>
  results.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id);

/** For whoever reads of a failure. */
const inWords = (results: readonly CheckResult[]): string =>
  results.map(({ id, outcome, detail }) => `${id} ${outcome}: ${detail}`).join('\n');

const flaws: readonly (readonly [Exclude<Flaw, 'none'>, SecurityCheckId])[] = [
  ['counts ids', 'id-entropy'],
  ['short ids', 'id-entropy'],
  ['repeats ids', 'id-entropy'],
  ['keeps the id at login', 'id-renewed'],
  ['keeps the old session at login', 'id-renewed'],
  ['adopts unknown ids', 'fixation'],
  ['logs out on one app alone', 'logout'],
  ['verifies no signature', 'hostile-cookies'],
  ['fails on broken escapes', 'hostile-cookies'],
  ['lets scripts read the cookie', 'cookie-attributes'],
  ['tells the id in a body', 'cookie-attributes'],
  ['is secure by half', 'cookie-secure'],
  ['sets a large cookie', 'cookie-size'],
  ['takes forms', 'cross-site'],
  ['allows other origins', 'cross-site'],
  ['tells an address', 'affinity-cookie'],
  ['shows stacks', 'error-hygiene'],
  ['answers 500 without its store', 'error-hygiene'],
  ['tells why it is not ready', 'error-hygiene'],
  ['logs ids', 'ids-in-logs'],
  ['serves the newest session to all', 'own-session'],
  ['keeps sessions in each app', 'every-app'],
  ['acknowledges before it writes', 'every-app'],
  ['lets answers be cached', 'not-cached'],
  ['takes bodies without a type', 'cross-site'],
  ['trusts the affinity cookie', 'affinity-cookie'],
  ['lets anybody into its store', 'server-login'],
  ['listens everywhere', 'open-ports'],
  ['logs names', 'ids-in-logs'],
  ['ends on a deep body', 'bad-requests'],
  ['serves others after a deep body', 'bad-requests'],
  ['fails on unknown methods', 'bad-requests'],
  ['keeps what it refuses', 'bad-requests'],
  ['makes sessions of bad requests', 'bad-requests'],
  ['echoes what it is sent', 'bad-requests'],
  ['keeps ids in clear', 'ids-in-store'],
  ['keeps whole cookies', 'ids-in-store'],
  ['trusts stored values', 'crafted-values'],
  ['dies of stored values', 'crafted-values'],
  ['merges stored values', 'crafted-values'],
  ['ends one session of a user', 'end-user'],
  ['ends sessions of all', 'end-user'],
  ['lists sessions of all', 'user-sessions'],
  ['ends sessions of others', 'user-sessions'],
  ['writes back what it read', 'logout-race'],
  ['lets racing logins keep the old session', 'login-race'],
];

for (const [flaw, id] of flaws)
  test(`an app that ${flaw} is found by ${id} alone`, async () => {
    const results = await ask(flaw, 'ordinary');
    assert.deepEqual(broken(results), [id], inWords(results));
  });

test('a sound app holds, and what does not apply is a limit', async () => {
  const results = await ask('none', 'ordinary');
  const others = results.filter(({ outcome }) => outcome !== 'holds').map(({ id, outcome }) => [id, outcome]);
  assert.deepEqual(others, [
    ['cookie-secure', 'limit'],
    ['affinity-cookie', 'limit'],
    ['store-tls', 'limit'],
  ]);
});

test('what did harm is named by its seed and index, and comes again with the same seed', async () => {
  const details = await Promise.all(
    [1, 2].map(async () => {
      const results = await ask('fails on unknown methods', 'ordinary');
      return results.find(({ id }) => id === 'bad-requests')?.detail ?? '';
    }),
  );
  const first = details.map((detail) => /^Request (\d+) of seed 1, to /.exec(detail)?.[1]);
  assert.ok(first[0] !== undefined, details[0]);
  assert.equal(first[0], first[1]);
});

const endings: readonly (readonly [Flaw, readonly SecurityCheckId[]])[] = [
  ['none', []],
  ['never ends idle sessions', ['idle-timeout']],
  ['has no absolute life', ['absolute-timeout']],
];

describe('time-outs', { concurrency: true }, () => {
  for (const [flaw, ids] of endings)
    test(`of an app with this flaw: ${flaw}`, async () => {
      const results = await ask(flaw, 'endings');
      // A machine that is too busy leaves the absolute life unknown; whatever ends, is not called broken.
      assert.deepEqual(broken(results), ids, inWords(results));
    });
});

test('what cannot be reached is unknown, in every cell', async () => {
  const { surface, close } = await startFlawed('none', 'long');
  await close();
  const results = await askInTurn(surface, ordinaryChecks, signal);
  assert.deepEqual(new Set(results.map(({ outcome }) => outcome)), new Set(['unknown']));
});

test('every entry of the catalogue is asked once, in one deployment', () => {
  const asked = [...ordinaryChecks, ...endingChecks].map(([id]) => id);
  assert.deepEqual(asked.toSorted(), securityCheckIds.toSorted());
  for (const id of securityCheckIds) assert.ok(securityChecks[id].title.length <= 20, id);
});

test('updates that are lost to others are a limit that is told, and no fault', async () => {
  const results = await ask('writes back what it read', 'ordinary');
  const found = results.find(({ id }) => id === 'lost-updates');
  assert.equal(found?.outcome, 'limit', found?.detail);
});
