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
async function runIds(): Promise<string[]> {
  const entries = await readdir(resultsFolder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .reverse();
}

/** One stored run by its id under results/ or its folder; the newest run where nothing is typed. */
export const storedRun = texts(async ([run]) => await findRun(run));

/** Stored runs to compare: different ones. */
export const storedRuns = texts<readonly string[]>(async (runs) => {
  const found = await Promise.all(runs.map(findRun));
  const mistakes = found.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
  if (mistakes.length > 0) return mistaken(...mistakes);
  const folders = found.flatMap((each) => (each.status === 'ok' ? each.value : []));
  const [first, second] = folders;
  if (first !== undefined && first === second)
    return mistaken(`both names are of one run, ${first}; name two, or one run of compare alone`);
  return good(folders);
});

/** @returns the folder of a run */
async function findRun(run: string | undefined): Promise<Reading<string>> {
  const found = run === undefined ? await newestRun() : await namedRun(run);
  if (found !== null) return good(await realpath(found));
  const runs = await runIds();
  if (runs.length === 0)
    return mistaken(`there are no runs under ${resultsFolder}/ yet. Make one with "npm run bench".`);
  const newest = runs.slice(0, 5).map((id) => `\n      ${id}`);
  return mistaken(
    `there is no run "${run}" under ${resultsFolder}/, and no folder of that name.${didYouMean(run ?? '', runs)} The newest runs:${newest.join('')}`,
  );
}

/** As `latest` says; where it does not, the newest with a trial; a folder of that very name where there is nothing else. */
async function newestRun(): Promise<string | null> {
  const latest = await readLatest(resultsFolder);
  if (latest !== null) return latest;
  const folders = (await runIds()).map((id) => path.join(resultsFolder, id));
  for (const folder of folders) if (await hasTrials(folder)) return folder;
  return folders[0] ?? (await namedRun('latest'));
}

const hasTrials = async (folder: string): Promise<boolean> =>
  (await readdir(path.join(folder, 'trials')).catch(() => [])).length > 0;

async function namedRun(run: string): Promise<string | null> {
  for (const candidate of [path.join(resultsFolder, run), run]) {
    if (await isFolder(candidate)) return candidate;
    // A file in place of the link, where the file system has no links.
    const pointed = path.basename(candidate) === 'latest' ? await readLatest(path.dirname(candidate)) : null;
    if (pointed !== null) return pointed;
  }
  return null;
}
