import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StrategyEvidence } from '../evidence/evidence.ts';
import {
  inventedEvidence,
  measured,
  missingPart,
  modestWishes,
  RUN,
  roundPrices,
} from '../testing/evidence.ts';
import { overloadsTold, rateBasis, ratesFor } from './rate-reach.ts';
import { sizingOf } from './sizing.ts';

const postgres =
  inventedEvidence.strategies.find(({ name }) => name === 'postgres') ?? assert.fail('no postgres');

/** Its only run answered 1,000 of 1,500 requests/s. */
const overloaded: StrategyEvidence = {
  ...postgres,
  capacity: missingPart('how much it carries', 'npm run bench'),
  behind: [{ run: RUN, offered: 1500, answered: 1000 }],
};
/** Another run, beside one that it kept up with. */
const both: StrategyEvidence = {
  ...postgres,
  behind: [{ run: 'another', offered: 5000, answered: 1400 }],
};

const basisAt = (strategy: StrategyEvidence, wanted: number) =>
  rateBasis(ratesFor(strategy), { wanted, seenWith: 1, unit: 'requests/s' }, () => ({
    command: 'npm run bench',
    on: null,
  }));

test('what was answered of too much is known to that rate, and not beyond it', () => {
  assert.deepEqual(basisAt(overloaded, 1000), { kind: 'measured', run: RUN });
  const beyond = basisAt(overloaded, 1001);
  assert.ok(beyond.kind === 'none');
  assert.match(beyond.what, /could not keep up/);
  assert.equal(basisAt(postgres, 1001).kind, 'scaled');
});

test('CPU time of an overload carries no further for a search that kept a higher rate', () => {
  const searched: StrategyEvidence = {
    ...overloaded,
    capacity: measured([
      {
        run: 'search',
        promise: { text: 'p99<50ms', terms: [] },
        answer: { limit: 'all-passed', low: 1200, high: null },
      },
    ]),
  };
  assert.equal(basisAt(searched, 1200).kind, 'measured');
  assert.equal(basisAt(searched, 1300).kind, 'none');
});

test('an overload beside a run that was kept up with takes none of its reach, and adds what was answered', () => {
  assert.deepEqual(basisAt(both, 1400), { kind: 'measured', run: 'another' });
  assert.equal(basisAt(both, 1500).kind, 'scaled');
  assert.equal(basisAt(both, 4000).kind, 'extrapolated');
  assert.equal(basisAt(both, 4001).kind, 'none');
});

const sizedAt = (strategy: StrategyEvidence, high: number) =>
  sizingOf(
    { strategy, hosting: 'own', copies: 1 },
    { ...modestWishes, rate: { low: high, likely: high, high } },
    roundPrices,
  );

test('servers for more than an overload answered are not counted', () => {
  const sizing = sizedAt(overloaded, 1500);
  assert.ok(sizing.kind === 'unsized' && sizing.why === 'unknown');
  assert.ok(sizing.lacks.some(({ shows }) => /1,500 requests\/s of a server of the store/.test(shows)));
  assert.equal(sizedAt(overloaded, 1000).kind, 'sized');
});

test('that it could not keep up is told where servers are counted all the same', () => {
  const sizing = sizedAt(both, 1500);
  assert.ok(sizing.kind === 'sized');
  assert.match(
    sizing.assumed.join('\n'),
    /could not with 5,000 requests\/s.*1,400 were answered \(run another\)/,
  );
  assert.deepEqual(overloadsTold(both, 1200), []);
  assert.equal(overloadsTold(overloaded, 10).length, 2);
});
