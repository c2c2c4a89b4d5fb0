/** Files are written after what they hold was shown, so that a full disk takes no answer away. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { counted } from '../../record/counted.ts';
import { isUnwritable, type UserError } from '../../record/user-error.ts';
import { listed } from '../../reports/words/format.ts';
import { exitCode } from './exit-codes.ts';

export type Kept<Files> =
  | { readonly status: 'kept'; readonly files: Files }
  | { readonly status: 'lost'; readonly error: UserError };

/** Writes files, and tells a disk that takes no more from every other error, which it throws. */
export async function keepFiles<Files>(write: () => Promise<Files>): Promise<Kept<Files>> {
  try {
    return { status: 'kept', files: await write() };
  } catch (error) {
    if (isUnwritable(error)) return { status: 'lost', error };
    throw error;
  }
}

/**
 * Says on stderr what could not be written, what is there all the same, and what to do.
 * @param folder absolute path of the folder of the results
 * @param again the command that makes what is missing once there is room; null where none does
 * @returns the exit code
 */
export async function tellLost(error: UserError, folder: string, again: string | null): Promise<number> {
  const kept = await listOf(folder);
  const then = again === null || kept === null ? '' : ` Then make the report: ${again} -- ${quoted(folder)}`;
  process.stderr.write(
    `\n${error.message}\nWhat was measured until then is shown above. Kept in ${folder}: ${kept ?? 'nothing'}.${then}\n`,
  );
  return exitCode.io;
}

/** `run.json, report.md and 3 trials`; null where there is nothing. */
async function listOf(folder: string): Promise<string | null> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((name) => !name.includes(path.sep) && /\.\w+$/.test(name)).sort();
  const trials = names.filter((name) => path.basename(name) === 'trial.json').length;
  const parts = [...files, ...(trials > 0 ? [counted(trials, 'trial')] : [])];
  return parts.length === 0 ? null : listed(parts);
}

const quoted = (folder: string): string => (/^[\w./-]+$/.test(folder) ? folder : `'${folder}'`);
