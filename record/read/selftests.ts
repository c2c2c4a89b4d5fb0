/** Reads `selftests/<id>/` as they are on the disk. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { SELFTEST_VERSION, type SelftestRecord, selftestRecord } from '../selftest.ts';
import { mistakes, readJson, versionProblem } from './json.ts';

export type SelftestReading =
  | { readonly status: 'read'; readonly record: SelftestRecord }
  /** `why`: with the file's name. `missing`: there is no such file. */
  | { readonly status: 'missing' | 'unreadable'; readonly why: string };

/** @param folder of one self-test */
export async function readSelftest(folder: string): Promise<SelftestReading> {
  const file = path.join(folder, 'selftest.json');
  const content = await readJson(file);
  if (content.status === 'missing') return { status: 'missing', why: `${file} does not exist` };
  if (content.status === 'broken') return { status: 'unreadable', why: `${file}: ${content.why}` };
  const version = versionProblem(content.value, [SELFTEST_VERSION]);
  if (version) return { status: 'unreadable', why: `${file}: ${version}` };
  const parsed = selftestRecord.safeParse(content.value);
  return parsed.success
    ? { status: 'read', record: parsed.data }
    : { status: 'unreadable', why: `${file}: ${mistakes(parsed.error)}` };
}

/** All self-tests of a results folder, the oldest first; none where it has none. @param results folder of `--out` */
export async function readSelftestsIn(results: string): Promise<readonly SelftestReading[]> {
  const folder = path.join(results, 'selftests');
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return await Promise.all(names.sort().map((name) => readSelftest(path.join(folder, name))));
}
