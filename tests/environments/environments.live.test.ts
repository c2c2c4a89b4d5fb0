/** In each environment the doctor and the bench agree: it measures, or both name the same lack and its remedy. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { assertRan, type Finished, readResults } from '../command.ts';
import { runWithin, whyNotEntered } from './enter.ts';
import { environments, type Surroundings } from './table.ts';

const FEWEST = 'sticky';

/** The shortest trial of the strategy with the fewest servers. */
const bench = ({ strategy = FEWEST }: Surroundings): readonly string[] => [
  ...['--strategy', strategy, '--preset', 'smoke', '--blocks', '1', '--duration', '1'],
  ...['--rate', '50', '--sessions', '100'],
];

const finding = z.object({
  name: z.string(),
  status: z.string(),
  detail: z.string(),
  remedy: z.string().nullable(),
});
const doctorSchema = z.object({
  ok: z.boolean(),
  sections: z.array(z.object({ title: z.string(), findings: z.array(finding) })),
});

/** What stands in the way, by the doctor. */
async function doctorWithin(surroundings: Surroundings, temporary: string) {
  const ended = await runWithin(surroundings, temporary, 'doctor', [
    '--json',
    '--strategy',
    surroundings.strategy ?? FEWEST,
  ]);
  assert.ok(ended.stdout.startsWith('{'), `${ended.exitCode}\n${ended.stdout}\n${ended.stderr}`);
  const { ok, sections } = doctorSchema.parse(JSON.parse(ended.stdout));
  assert.equal(ended.exitCode, ok ? 0 : 1);
  return sections.flatMap(({ findings }) => findings).filter(({ status }) => status === 'bad');
}

/** Numbers and names of temporary folders differ from one command to the next. */
const plain = (text: string): string => text.replaceAll(/\/\S*|\d+/g, '…');

type Bad = Awaited<ReturnType<typeof doctorWithin>>;

function assertSameLack(found: Bad, { exitCode, stdout, stderr }: Finished): void {
  assert.equal(exitCode, 69, `${stdout}\n${stderr}`);
  for (const { name, detail, remedy } of found) {
    assert.ok(stderr.includes(`${name}: `), `the bench does not name ${name} (${detail}): ${stderr}`);
    for (const words of [detail, remedy ?? ''])
      assert.ok(plain(stderr).includes(plain(words)), `the bench does not say "${words}": ${stderr}`);
  }
}

async function assertMeasured(ended: Finished, out: string): Promise<void> {
  assertRan(ended);
  const { trials } = await readResults(out);
  assert.equal(trials.length, 1);
  for (const { requests, usage } of trials) {
    assert.ok(requests.generator > 0 && requests.generator === requests.balancer, ended.stdout);
    for (const tier of [usage.generator, usage.balancer, usage.app])
      assert.ok(tier && tier.cpuMicros > 0 && tier.memoryBytes !== null && tier.memoryBytes > 0);
  }
}

/** A dry run asks as the run does: once for each lack shows it. */
const isFirstOfItsLack = (surroundings: Surroundings): boolean =>
  environments.find(({ expected }) => isDeepStrictEqual(expected, surroundings.expected)) === surroundings;

async function assertAgreed(context: TestContext, surroundings: Surroundings): Promise<void> {
  const temporary = await mkdtemp('/tmp/sbe-');
  // Servers of another user pass.
  await chmod(temporary, 0o711);
  context.after(() => rm(temporary, { recursive: true, force: true }));
  const reason = await whyNotEntered(surroundings, temporary);
  if (reason !== null) return context.skip(reason);
  const found = await doctorWithin(surroundings, temporary);
  const { expected } = surroundings;
  if (expected === 'measures') {
    assert.deepEqual(found, []);
    const ended = await runWithin(surroundings, temporary, 'bench', bench(surroundings));
    return await assertMeasured(ended, path.join(temporary, 'bench', 'out'));
  }
  assert.ok(
    found.some(({ name }) => name === expected.lacks),
    JSON.stringify(found),
  );
  assertSameLack(found, await runWithin(surroundings, temporary, 'bench', bench(surroundings)));
  if (isFirstOfItsLack(surroundings))
    assertSameLack(
      found,
      await runWithin(surroundings, temporary, 'bench', [...bench(surroundings), '--dry-run']),
    );
}

suite('environments', { concurrency: 2 }, () => {
  for (const surroundings of environments)
    test(surroundings.name, (context) => assertAgreed(context, surroundings));
});
