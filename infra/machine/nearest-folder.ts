import { stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './errors.ts';

/** Where a folder that does not exist yet will be made: the nearest above it that exists, or itself. */
export async function nearestExisting(place: string): Promise<string> {
  try {
    await stat(place);
    return place;
  } catch (error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
    if (!isMissing || place === path.dirname(place)) throw error;
    return await nearestExisting(path.dirname(place));
  }
}
