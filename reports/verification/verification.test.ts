import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonOf } from '../../record/reasons.ts';
import { type SecurityCheckId, securityChecks } from '../../record/security-checks.ts';
import type { CheckOutcome, VerificationRecord, VerifiedStrategy } from '../../record/verification.ts';
import { madeSelftest } from '../fixtures/selftest.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { outcomeOf, type VerificationOutcome } from './outcome.ts';
import { verificationPage } from './page.ts';

type Outcomes = Readonly<Partial<Record<SecurityCheckId, CheckOutcome>>>;

const strategyOf = (name: string, outcomes: Outcomes): VerifiedStrategy => ({
  ...{ name, title: name, status: 'verified', reasons: [], versions: [] },
  checks: (['id-entropy', 'logout', 'every-app'] as const).map((id) => ({
    id,
    requirements: [...securityChecks[id].requirements],
    outcome: outcomes[id] ?? 'holds',
    detail: `seen of ${id}`,
    milliseconds: 1500,
  })),
});

const absentOf = (name: string): VerifiedStrategy => ({
  ...{ name, title: name, status: 'not-verified', versions: [], checks: [] },
  reasons: [reasonOf('missing', 'redis-server: it is not here', 'Install it.')],
});

function recordOf(
  strategies: VerifiedStrategy[],
  status: VerificationRecord['status'] = 'finished',
): VerificationRecord {
  const { tool, host, runtime } = madeSelftest('any');
  return {
    ...{ schemaVersion: 1, id: 'id', command: [], status, tool, host, runtime, strategies, faults: [] },
    ...{ startedAt: '2026-11-26T10:00:00.000Z', endedAt: null },
    shortLives: { idleSeconds: 3, absoluteSeconds: 10 },
  };
}

const sound = strategyOf('sound', {});
const limited = strategyOf('limited', { 'every-app': 'limit' });
const open = strategyOf('open', { logout: 'unknown' });
const bad = strategyOf('bad', { logout: 'broken' });
const away = absentOf('away');

const ends: readonly (readonly [string, VerificationRecord, boolean, VerificationOutcome])[] = [
  ['all holds', recordOf([sound, limited]), true, 'ok'],
  ['one is broken, whatever is open', recordOf([sound, open, bad]), false, 'broken'],
  ['one is open', recordOf([sound, open]), false, 'unknown'],
  ['one cannot run, which was named', recordOf([sound, away]), true, 'unknown'],
  ['one cannot run, which was not named', recordOf([sound, away]), false, 'ok'],
  ['none can run', recordOf([away]), false, 'unavailable'],
  ['it was interrupted', recordOf([bad], 'interrupted'), true, 'interrupted'],
  ['it failed', recordOf([sound], 'failed'), true, 'failed'],
];

for (const [title, record, named, expected] of ends)
  test(`the outcome where ${title}`, () => assert.equal(outcomeOf(record, named), expected));

test('the worst comes first, and what is broken says how it is mended, once for those of which the same is said', () => {
  const worse = { ...bad, name: 'worse' };
  const text = terminal(verificationPage(recordOf([sound, limited, open, bad, worse, away])), {
    columns: 120,
  });
  const heading = text.split('\n').find((line) => line.startsWith('Check '));
  assert.deepEqual(heading?.split(/\s+/), ['Check', 'bad', 'worse', 'open', 'limited', 'sound']);
  const first = text.split('\n').find((line) => line.includes('BROKEN'));
  assert.deepEqual(first?.split(/ {2,}/), [
    securityChecks.logout.title,
    'BROKEN',
    'BROKEN',
    'unknown',
    'holds',
    'holds',
  ]);
  assert.equal(text.split(securityChecks.logout.remedy).length, 2);
  assert.ok(text.includes('bad and worse: seen of logout'));
  assert.ok(text.startsWith('2 checks broken, of 2 strategies among 5.'));
  assert.ok(text.includes('away was not verified: redis-server: it is not here. Install it.'));
});

test('Markdown has the numbers of the requirements, JUnit a case for each cell', () => {
  const document = verificationPage(recordOf([limited, open, bad, away]));
  assert.ok(markdown(document).includes('| logout everywhere | 7.4.1 |'));
  const xml = junit(document);
  assert.ok(xml.includes('tests="10" failures="1" errors="1" skipped="2"'), xml);
});
