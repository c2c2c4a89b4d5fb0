/** What every command that measures needs for its results: a folder. */
import { access, constants, mkdir } from 'node:fs/promises';
import { messageOf } from '../../infra/machine/errors.ts';

/** A mistake when the folder cannot be made or written; null when it can. */
export async function outMistake(out: string): Promise<string | null> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = messageOf(error);
    return `--out: results cannot be written to "${out}": ${why}. Name a folder that you may write to.`;
  }
}
