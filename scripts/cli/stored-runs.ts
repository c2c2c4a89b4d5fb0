/** Finds stored runs by what a person typed. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
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
  const candidates =
    run === undefined ? [path.join(resultsFolder, 'latest')] : [path.join(resultsFolder, run), run];
  for (const candidate of candidates) if (await isFolder(candidate)) return good(await realpath(candidate));
  const runs = await runIds();
  if (runs.length === 0)
    return mistaken(`there are no runs under ${resultsFolder}/ yet. Make one with "npm run bench".`);
  if (run === undefined && runs[0]) return good(path.resolve(resultsFolder, runs[0]));
  const newest = runs.slice(0, 5).map((id) => `\n      ${id}`);
  return mistaken(
    `there is no run "${run}" under ${resultsFolder}/, and no folder of that name.${didYouMean(run ?? '', runs)} The newest runs:${newest.join('')}`,
  );
}
