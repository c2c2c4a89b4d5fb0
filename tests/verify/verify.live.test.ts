/** The whole command on real deployments: what is unsafe is found in its cells, and what is sound holds. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { type VerificationRecord, verificationRecord } from '../../record/verification.ts';
import { repository, run, temporaryFolder } from '../command.ts';

const cells = ({ strategies }: VerificationRecord, name: string, wanted: string) =>
  strategies
    .find((each) => each.name === name)
    ?.checks.filter(({ outcome }) => outcome === wanted)
    .map(({ id }) => id);

test('a store that never expires is found out, one that logs what it is given tells no id, and Redis holds', async (context) => {
  const out = await temporaryFolder(context);
  const { exitCode, stdout, stderr } = await run(
    'verify',
    [
      '--strategy',
      'unsafe',
      '--strategy',
      'redis',
      '--requests',
      '3000',
      '--seed',
      '7',
      '--json',
      '--out',
      out,
    ],
    { SESSION_BENCH_STRATEGIES: path.join(repository, 'tests/verify/strategies') },
  );
  assert.equal(exitCode, 1, `${stdout}\n${stderr}`);
  const record = verificationRecord.parse(JSON.parse(stdout));
  assert.deepEqual(cells(record, 'unsafe', 'broken'), ['idle-timeout'], stderr);
  assert.deepEqual(cells(record, 'redis', 'broken'), [], stderr);
  // That writes at once are lost is a matter of chance.
  const limits = cells(record, 'redis', 'limit')?.filter((id) => id !== 'lost-updates');
  assert.deepEqual(limits, ['cookie-secure', 'affinity-cookie', 'store-tls'], stderr);
  assert.deepEqual(record.badRequests, { seed: 7, count: 3000 });
  const file = (name: string) => readFile(path.join(out, 'verifications', record.id, name), 'utf8');
  assert.deepEqual(verificationRecord.parse(JSON.parse(await file('verification.json'))), record);
  assert.ok((await file('verification.junit.xml')).includes('failures="1"'));
  assert.ok((await file('verification.md')).includes('how to mend it'));
  const again = path.join(out, 'again');
  const told = await run('report', [path.join(out, 'verifications', record.id), '--out', again]);
  assert.equal(told.exitCode, 0, told.stderr);
  for (const name of ['verification.html', 'verification.md', 'verification.junit.xml'])
    assert.equal(await readFile(path.join(again, name), 'utf8'), await file(name), name);
});
