import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { brokenTerms, parseSlo, type Slo } from './slo.ts';

function valid(text: string): Slo {
  const result = parseSlo(text);
  assert.equal(result.status, 'valid', JSON.stringify(result));
  return result.status === 'valid' ? result.slo : { text, terms: [] };
}

const mistakes = (text: string): readonly string[] => {
  const result = parseSlo(text);
  return result.status === 'invalid' ? result.mistakes : [];
};

test('conditions are read with their units', () => {
  assert.deepEqual(valid('p99<50ms, errors < 0.1%').terms, [
    { kind: 'latency', operation: null, percentile: 99, limitMicros: 50_000 },
    { kind: 'errors', limitShare: 0.001 },
  ]);
  assert.deepEqual(valid('read.p99.9<1.5s,login.p50<800us').terms, [
    { kind: 'latency', operation: 'read', percentile: 99.9, limitMicros: 1_500_000 },
    { kind: 'latency', operation: 'login', percentile: 50, limitMicros: 800 },
  ]);
});

test('every mistake is listed, with what to write instead', () => {
  const found = mistakes('p99>50ms,p98<5ms,p50<3,errors<0.1,,p90<0ms,reads.p99<5ms,p99');
  assert.equal(found.length, 8, found.join('\n'));
  for (const [index, pattern] of [
    /use "<"/,
    /unknown name "p98".*did you mean/,
    /needs a unit/,
    /errors<0.1%/,
    /nothing between/,
    /above 0/,
    /did you mean "read.p99"/,
    /no condition/,
  ].entries())
    assert.match(found[index] ?? '', pattern);
  assert.match(mistakes('')[0] ?? '', /empty/);
  assert.match(mistakes('p99<5ms,p99<6ms')[0] ?? '', /twice/);
  assert.match(mistakes('errors<101%')[0] ?? '', /100 %/);
  assert.match(mistakes('p99<5min')[0] ?? '', /unknown unit "min"/);
});

test('any text is either read or refused with a mistake', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[p9.<=,ms% e]*$/)), (text) => {
      const result = parseSlo(text);
      if (result.status === 'invalid') assert.ok(result.mistakes.length > 0);
      else assert.ok(result.slo.terms.length > 0);
    }),
  );
});

test('a promise is kept below its limits only', () => {
  const slo = valid('p99<50ms,errors<0.1%,read.p50<2ms');
  const good = { latencyMicros: () => 1000, errorShare: 0, answeredShare: 1, keptUpShare: 1 };
  assert.deepEqual(brokenTerms(slo, good), []);
  const messages = (evidence: Partial<typeof good> | { latencyMicros: () => number | null }) =>
    brokenTerms(slo, { ...good, ...evidence }).map(({ message }) => message);
  assert.deepEqual(messages({ latencyMicros: () => 50_000 }), [
    'p99 50 ms (limit 50 ms)',
    'read.p50 50 ms (limit 2 ms)',
  ]);
  assert.deepEqual(messages({ errorShare: 0.001 }), ['errors 0.1 % (limit 0.1 %)']);
  assert.match(messages({ keptUpShare: 0.98 })[0] ?? '', /98 % of the offered rate .* queued/);
  assert.match(messages({ answeredShare: 0.98 })[0] ?? '', /98 % of the operations got an answer/);
  assert.equal(messages({ latencyMicros: () => null }).length, 2);
  assert.equal(messages({ latencyMicros: () => Number.NaN }).length, 2);
});
