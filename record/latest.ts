/**
 * `latest`, the name of the newest run that has something to show, beside the folders of the runs: a link, or a file with
 * the run's id where the file system has no links. It is a convenience: no run fails for want of it.
 */
import { lstat, readFile, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './read/json.ts';

const LATEST = 'latest';
/** What a file without a link holds: the name of a folder beside it. */
const ID = /^\d{8}-\d{6}-[0-9a-f]+\n?$/;

/** `ours` may be replaced; `stranger` is what somebody else has put there. */
type Entry =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ours'; readonly target: string }
  | { readonly kind: 'stranger'; readonly what: 'folder' | 'file' };

async function entryAt(file: string): Promise<Entry> {
  const entry = await lstat(file).catch(() => null);
  if (entry === null) return { kind: 'nothing' };
  if (entry.isSymbolicLink()) return { kind: 'ours', target: await readlink(file) };
  if (entry.isDirectory()) return { kind: 'stranger', what: 'folder' };
  const text = entry.size <= 101 ? await readFile(file, 'utf8').catch(() => '') : '';
  return ID.test(text) ? { kind: 'ours', target: text.trim() } : { kind: 'stranger', what: 'file' };
}

const isFolder = (candidate: string): Promise<boolean> =>
  stat(candidate).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/**
 * The folder that `<out>/latest` names; null where it names none, or is a folder of its own.
 * @param out folder that has the runs
 */
export async function readLatest(out: string): Promise<string | null> {
  const entry = await entryAt(path.join(out, LATEST));
  if (entry.kind !== 'ours') return null;
  const folder = path.resolve(out, entry.target);
  return (await isFolder(folder)) ? folder : null;
}

/** Makes a link, or throws the system's error. */
export type Link = (target: string, file: string) => Promise<void>;

/**
 * Points `<out>/latest` at a run. What is no pointer of ours stays as it is.
 * @param link how links are made
 * @returns null; where it could not be done, why and what to do. Never throws.
 */
export async function pointLatest(out: string, runId: string, link: Link = symlink): Promise<string | null> {
  const file = path.join(out, LATEST);
  const beside = path.join(out, `.${LATEST}-${process.pid}`);
  const found = await entryAt(file);
  if (found.kind === 'stranger')
    return `${file} is a ${found.what} of its own, so it was left alone and does not lead to this run, which is in ${path.join(out, runId)}. Rename it, and the next run makes ${LATEST} anew.`;
  try {
    await rm(beside, { force: true });
    await link(runId, beside).catch(() => writeFile(beside, `${runId}\n`));
    await rename(beside, file);
    return null;
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    return `${file} could not be pointed at this run (${codeOf(error)}), which is in ${path.join(out, runId)}. Name that folder where you would name ${LATEST}, or see who may write to ${out}.`;
  }
}
