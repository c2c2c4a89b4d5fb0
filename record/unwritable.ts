/** What a disk says when it takes no more, in words. */
import path from 'node:path';
import { isUnwritable, UserError } from './user-error.ts';

interface Answer {
  readonly why: string;
  readonly remedy: string;
}

const elsewhere = 'name another folder with --out';

const answers: Readonly<Record<string, Answer>> = {
  ENOSPC: { why: 'the disk is full', remedy: `Make room there, or ${elsewhere}.` },
  EDQUOT: { why: 'the quota of this user is used up', remedy: `Make room there, or ${elsewhere}.` },
  EFBIG: {
    why: 'a file may not grow that large here',
    remedy: `Raise the limit ("ulimit -f"), or ${elsewhere}.`,
  },
  EROFS: { why: 'the file system is read-only', remedy: `Mount it writable, or ${elsewhere}.` },
  EACCES: { why: 'this user may not write there', remedy: `See who owns the folder, or ${elsewhere}.` },
  EPERM: { why: 'this user may not write there', remedy: `See who owns the folder, or ${elsewhere}.` },
  ENAMETOOLONG: { why: 'the path is too long', remedy: 'Name a folder with a shorter path with --out.' },
  ENOTDIR: { why: 'a part of the path is no folder', remedy: `Move that file away, or ${elsewhere}.` },
  EISDIR: { why: 'a folder of that name is there', remedy: `Move it away, or ${elsewhere}.` },
  EEXIST: { why: 'a file of that name is there', remedy: `Move it away, or ${elsewhere}.` },
  ENOENT: { why: 'its folder is gone', remedy: `Leave the folder alone during a run, or ${elsewhere}.` },
  EIO: {
    why: 'the disk reported a fault (EIO)',
    remedy: `See the log of the system, and ${elsewhere} on another disk.`,
  },
  EMFILE: { why: 'too many files are open', remedy: 'Raise the limit ("ulimit -n").' },
};

/** Codes that only a disk gives, whatever was tried. */
const ofDisks: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']);

/** @param cause what the system said */
function answerTo(cause: unknown): Answer {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why = cause instanceof Error ? cause.message : String(cause);
  return answers[code] ?? { why, remedy: `See that the folder can be written to, or ${elsewhere}.` };
}

/** `the disk is full`: what an error of the system says, as the end of a sentence. */
export const whyUnwritten = (cause: unknown): string => answerTo(cause).why;

/** @param file file or folder that could not be written */
export function unwritable(file: string, cause: unknown): UserError {
  const { why, remedy } = answerTo(cause);
  const message = `${path.basename(file)} could not be written to ${path.dirname(file)}: ${why}. ${remedy}`;
  return new UserError('unwritable', message, { cause });
}

/** What an error says of a disk that took no more; null where it, and what caused it, says nothing of that kind. */
export function diskTrouble(error: unknown): UserError | null {
  if (!(error instanceof Error)) return null;
  if (isUnwritable(error)) return error;
  if (!('code' in error && ofDisks.has(String(error.code)))) return diskTrouble(error.cause);
  const where = 'path' in error ? `${error.path} could not be written` : 'Something could not be written';
  return new UserError(
    'unwritable',
    `${where}: ${whyUnwritten(error)}. Make room or name another folder (--out, TMPDIR).`,
    {
      cause: error,
    },
  );
}
