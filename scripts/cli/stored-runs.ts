/** Finds stored runs by what a person typed. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { readLatest } from '../../record/latest.ts';
import { good, mistaken, type Reading, texts } from './reading.ts';
import { didYouMean } from './suggest.ts';

const resultsFolder = 'results';

async function isFolder(candidate: string): Promise<boolean> {
  return stat(candidate).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Ids of the stored runs, newest first: an id begins with its time. */
export async function runIds(results: string): Promise<string[]> {
  const entries = await readdir(results, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .reverse();
}

/** One stored run, or verification, by its id or its folder; the newest run where nothing is typed. */
export const storedResult = texts(
  async ([result]) => await findRun(result, resultsFolder, [path.join(resultsFolder, 'verifications')]),
);

/** Stored runs to compare: different ones. */
export const storedRuns = texts<readonly string[]>(async (runs) => {
  const found = await Promise.all(runs.map((run) => findRun(run)));
  const mistakes = found.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
  if (mistakes.length > 0) return mistaken(...mistakes);
  const folders = found.flatMap((each) => (each.status === 'ok' ? each.value : []));
  const [first, second] = folders;
  if (first !== undefined && first === second)
    return mistaken(`both names are of one run, ${first}; name two, or one run of compare alone`);
  return good(folders);
});

/**
 * @param results folder that has the runs with ids
 * @param others folders with other results, which may be named by their ids too
 * @returns the folder of a run
 */
export async function findRun(
  run: string | undefined,
  results = resultsFolder,
  others: readonly string[] = [],
): Promise<Reading<string>> {
  if (run?.trim() === '') return mistaken('name a run: its id or its folder, not an empty text');
  const found = run === undefined ? await newestRun(results) : await namedRun(run, results, others);
  if (found !== null) return good(await realpath(found));
  const runs = await runIds(results);
  if (run === undefined) return mistaken(whichAreThere(runs, results));
  const ids = [...runs, ...(await Promise.all(others.map(runIds))).flat()];
  return mistaken(`${await whyNot(run, results)}${didYouMean(run, ids)} ${whichAreThere(runs, results)}`);
}

/** A sentence: why what was typed leads to no run. */
async function whyNot(run: string, results: string): Promise<string> {
  const code = await stat(run).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
  );
  if (code === null) return `"${run}" is a file, and a run is a folder: name the folder that has run.json.`;
  const absent = code === 'ENOENT' || code === 'ENOTDIR';
  if (!absent) return `"${run}" cannot be looked at (${code}).`;
  return path.basename(run) === run
    ? `there is no run "${run}" under ${results}/, and no folder of that name.`
    : `there is no folder "${run}".`;
}

function whichAreThere(runs: readonly string[], results: string): string {
  if (runs.length === 0) return `there are no runs under ${results}/ yet. Make one with "npm run bench".`;
  return `The newest runs:${runs
    .slice(0, 5)
    .map((id) => `\n      ${id}`)
    .join('')}`;
}

/** As `latest` says; where it does not, the newest with a trial; a folder of that very name where there is nothing else. */
async function newestRun(results: string): Promise<string | null> {
  const latest = await readLatest(results);
  if (latest !== null) return latest;
  const folders = (await runIds(results)).map((id) => path.join(results, id));
  for (const folder of folders) if (await hasTrials(folder)) return folder;
  return folders[0] ?? (await namedRun('latest', results));
}

const hasTrials = async (folder: string): Promise<boolean> =>
  (await readdir(path.join(folder, 'trials')).catch(() => [])).length > 0;

async function namedRun(
  run: string,
  results: string,
  others: readonly string[] = [],
): Promise<string | null> {
  for (const candidate of [...[results, ...others].map((folder) => path.join(folder, run)), run]) {
    if (await isFolder(candidate)) return candidate;
    // A file in place of the link, where the file system has no links.
    const pointed = path.basename(candidate) === 'latest' ? await readLatest(path.dirname(candidate)) : null;
    if (pointed !== null) return pointed;
  }
  return null;
}
