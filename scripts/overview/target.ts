/** Where results may be published: never over what something else has put there. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../infra/machine/errors.ts';
import { marksProblem } from '../../reports/overview/marked.ts';
import { isPublished, publishedData, publishedOverview } from '../../reports/overview/published.ts';
import { listed } from '../../reports/words/format.ts';
import { good, mistaken, type Reading, text } from '../cli/reading.ts';
import { writableFolder } from '../cli/values.ts';

/** A folder that is new, empty, or holds what was published before and nothing else: it is replaced whole. Absolute. */
export const publishFolder = text<string>(async (typed) => {
  const writable = await writableFolder.safeParseAsync(typed);
  if (!writable.success) return mistaken(...writable.error.issues.map(({ message }) => message));
  const folder = path.resolve(typed);
  const entries = await readdir(folder, { recursive: true }).catch((error) => codeOf(error) ?? 'unknown');
  if (entries === 'ENOENT') return good(folder);
  if (typeof entries === 'string') return mistaken(`"${typed}" cannot be looked at (${entries})`);
  return await replaceable(typed, await realpath(folder), entries);
});

async function replaceable(
  typed: string,
  folder: string,
  entries: readonly string[],
): Promise<Reading<string>> {
  if (entries.length === 0) return good(folder);
  const before = publishedOverview(await readFile(path.join(folder, publishedData), 'utf8').catch(() => ''));
  if (before === null)
    return mistaken(
      `"${typed}" has files, and no ${publishedData} of published results: publishing replaces the folder whole. Name another, or an empty one`,
    );
  const strangers = entries
    .map((entry) => entry.split(path.sep).join('/'))
    .filter((entry) => !isPublished(before, entry));
  if (strangers.length === 0) return good(folder);
  const more = strangers.length > 3 ? [`${strangers.length - 3} more`] : [];
  return mistaken(
    `"${typed}" has what was not published there: ${listed([...strangers.slice(0, 3), ...more])}. Publishing replaces the folder whole: move that away`,
  );
}

export interface MarkedFile {
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** A page with marks that published results can be put between. */
export const markedFile = text<MarkedFile>(async (typed) => {
  const file = path.resolve(typed);
  try {
    const content = await readFile(file, 'utf8');
    const problem = marksProblem(content);
    return problem === null ? good({ file, text: content }) : mistaken(`"${typed}": ${problem}`);
  } catch (error) {
    return mistaken(`"${typed}" cannot be read (${codeOf(error) ?? error}); name a page that has the marks`);
  }
});
