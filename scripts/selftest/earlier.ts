/** Earlier self-tests, whose comparisons are counted with those of this one. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readSelftest, readSelftestsIn } from '../../record/read/selftests.ts';
import type { SelftestRecord } from '../../record/selftest.ts';
import { belonging, differencesOf } from '../../reports/selftest/added.ts';
import { good, mistaken, textsOrNone } from '../cli/reading.ts';

export interface EarlierSelftest {
  readonly folder: string;
  readonly record: SelftestRecord;
}

/** Those that a person names, by their id under results/ or their folder; each once. */
export const earlierSelftests = textsOrNone<readonly EarlierSelftest[]>(async (typed = []) => {
  const found = await Promise.all(typed.map(findSelftest));
  const mistakes = found.flatMap((each) => (typeof each === 'string' ? [each] : []));
  if (mistakes.length > 0) return mistaken(...mistakes);
  const all = found.flatMap((each) => (typeof each === 'string' ? [] : [each]));
  return good([...new Map(all.map((each) => [each.record.id, each])).values()]);
});

/** @returns a mistake in words where there is none */
async function findSelftest(typed: string): Promise<EarlierSelftest | string> {
  for (const folder of [path.join('results', 'selftests', typed), typed]) {
    const reading = await readSelftest(folder);
    if (reading.status === 'read') return { folder: await realpath(folder), record: reading.record };
    if (reading.status === 'unreadable')
      return `"${typed}" cannot be counted: ${reading.why}. Restore the file, or leave it out.`;
  }
  return `there is no self-test "${typed}" under results/selftests/, and no folder of that name with a selftest.json.`;
}

/**
 * What is counted with a self-test: earlier ones of the same code and machine, and those that were named.
 * @param say told of what cannot be counted
 */
export async function countedWith(
  record: SelftestRecord,
  named: readonly EarlierSelftest[],
  results: string,
  say: (line: string) => void,
): Promise<readonly SelftestRecord[]> {
  const readings = await readSelftestsIn(results);
  for (const each of readings)
    if (each.status !== 'read') say(`! An earlier self-test is not counted: ${each.why}.`);
  const stored = readings.flatMap((each) => (each.status === 'read' ? [each.record] : []));
  const wanted = named.flatMap(({ record: other }) => {
    const differences = differencesOf(record, other);
    if (differences.length === 0) return [other];
    say(`! The self-test ${other.id} is not counted: it differs in its ${differences.join(', ')}.`);
    return [];
  });
  const all = [...belonging(record, stored), ...wanted];
  const once = new Map(all.map((each) => [each.id, each]));
  return [...once.values()].toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
}
