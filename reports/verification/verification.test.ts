import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { readVerification } from '../../record/read/verification.ts';
import { securityCheckIds, securityChecks } from '../../record/security-checks.ts';
import { UserError } from '../../record/user-error.ts';
import type { VerificationRecord } from '../../record/verification.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { absentStrategy, verificationOf, verifiedStrategy } from '../fixtures/verification.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { terminal } from '../render/terminal.ts';
import { outcomeOf, type VerificationOutcome } from './outcome.ts';
import { verificationPage } from './page.ts';
import { writeVerification } from './write.ts';

const sound = verifiedStrategy('sound', {});
const limited = verifiedStrategy('limited', { 'every-app': 'limit' });
const open = verifiedStrategy('open', { logout: 'unknown' });
const bad = verifiedStrategy('bad', { logout: 'broken' });
const away = absentStrategy('away');

const ends: readonly (readonly [string, VerificationRecord, boolean, VerificationOutcome])[] = [
  ['all holds', verificationOf([sound, limited]), true, 'ok'],
  ['one is broken, whatever is open', verificationOf([sound, open, bad]), false, 'broken'],
  ['one is open', verificationOf([sound, open]), false, 'unknown'],
  ['one cannot run, which was named', verificationOf([sound, away]), true, 'unknown'],
  ['one cannot run, which was not named', verificationOf([sound, away]), false, 'ok'],
  ['none can run', verificationOf([away]), false, 'unavailable'],
  ['it was interrupted', verificationOf([bad], 'interrupted'), true, 'interrupted'],
  ['it failed', verificationOf([sound], 'failed'), true, 'failed'],
];

for (const [title, record, named, expected] of ends)
  test(`the outcome where ${title}`, () => assert.equal(outcomeOf(record, named), expected));

test('the worst comes first, and what is broken says how it is mended, once for those of which the same is said', () => {
  const worse = { ...bad, name: 'worse' };
  const text = terminal(verificationPage(verificationOf([sound, limited, open, bad, worse, away])), {
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
  const document = verificationPage(verificationOf([limited, open, bad, away]));
  assert.ok(markdown(document).includes('| logout everywhere | 7.4.1 |'));
  const xml = junit(document);
  assert.ok(xml.includes('tests="10" failures="1" errors="1" skipped="2"'), xml);
});

test('the page names every check and its remedy where it is broken, and says which bad requests were sent', async (t) => {
  const folder = await temporaryFolder(t);
  const all = Object.fromEntries(securityCheckIds.map((id) => [id, 'broken'] as const));
  const files = await writeVerification(
    verificationOf([verifiedStrategy('bad', all, securityCheckIds), sound]),
    folder,
  );
  const page = await readFile(files.html, 'utf8');
  assert.ok(page.includes('100,000 bad requests of seed 7'));
  assert.ok(!page.includes('<script src'));
  for (const id of securityCheckIds) assert.ok(page.includes(`>${securityChecks[id].title}<`), id);
  assert.equal(page.split('class="remedy"').length - 1, securityCheckIds.length);
});

test('a stored verification is read again, an older one too, and others are refused with what is wrong', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'verification.json');
  const record = verificationOf([sound]);
  await writeFile(file, JSON.stringify(record));
  assert.deepEqual(await readVerification(folder), record);
  const { badRequests: _since, ...older } = record;
  await writeFile(file, JSON.stringify(older));
  assert.deepEqual(await readVerification(folder), { ...record, badRequests: null });
  const mistakes: readonly (readonly [string, string])[] = [
    ['', 'empty'],
    ['{', 'no JSON'],
    ['{}', 'schemaVersion'],
    [JSON.stringify({ ...record, schemaVersion: 99 }), '99'],
    [JSON.stringify({ ...record, strategies: 1 }), 'strategies'],
  ];
  for (const [text, told] of mistakes) {
    await writeFile(file, text);
    await assert.rejects(readVerification(folder), (error) => {
      assert.ok(error instanceof UserError && error.message.includes(told), String(error));
      return true;
    });
  }
});
