/** Finds stored runs by what a person typed. */
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { suggest } from '../../experiment/suggest.ts';

const resultsFolder = 'results';

export type Found =
  | { readonly status: 'found'; readonly folder: string }
  | { readonly status: 'mistake'; readonly mistake: string };

async function isFolder(candidate: string): Promise<boolean> {
  return stat(candidate).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** Ids of the stored runs, newest first: an id begins with its time. */
async function storedRuns(): Promise<string[]> {
  const entries = await readdir(resultsFolder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^\d/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .reverse();
}

/** @param run an id under results/ or a folder; the newest run when undefined */
export async function findRun(run: string | undefined): Promise<Found> {
  const candidates =
    run === undefined ? [path.join(resultsFolder, 'latest')] : [path.join(resultsFolder, run), run];
  for (const candidate of candidates)
    if (await isFolder(candidate)) return { status: 'found', folder: await realpath(candidate) };
  const runs = await storedRuns();
  if (runs.length === 0)
    return {
      status: 'mistake',
      mistake: `there are no runs under ${resultsFolder}/ yet. Make one with "npm run bench".`,
    };
  if (run === undefined && runs[0]) return { status: 'found', folder: path.resolve(resultsFolder, runs[0]) };
  const guess = suggest(run ?? '', runs);
  const newest = runs
    .slice(0, 5)
    .map((id) => `\n      ${id}`)
    .join('');
  return {
    status: 'mistake',
    mistake: `there is no run "${run}" under ${resultsFolder}/, and no folder of that name.${guess ? ` Did you mean "${guess}"?` : ''} The newest runs:${newest}`,
  };
}
