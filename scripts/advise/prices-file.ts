/** The price book: that of the repository, or one that is named. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type PriceBook, parseBook, type Strange } from '../../advice/prices/book.ts';
import { pricesOf } from '../../advice/prices/prices.ts';
import { worthMistakes } from '../../advice/prices/worth.ts';
import { repository } from '../../experiment/repository.ts';
import { messageOf } from '../../infra/machine/errors.ts';
import { keysTwice } from '../cli/json-keys.ts';
import { strangeStores } from '../cli/known-stores.ts';
import { good, mistaken, type Reading, textOrNone } from '../cli/reading.ts';

export const usualBook = path.join(repository, 'advice/prices/prices.json');

/** As `2026-11-26`. */
export const today = (): string => new Date().toISOString().slice(0, 10);

export const pricesOption = {
  flags: '--prices <FILE>',
  description:
    'a price book of your own, as advice/prices/prices.json (schema beside it). Default: that one, a few prices of AWS',
  schema: textOrNone(async (named) =>
    named === undefined
      ? await readBook(usualBook, 'advice/prices/prices.json')
      : await readBook(path.resolve(named), named),
  ),
};

/** @param shown how messages name the file */
async function readBook(file: string, shown: string): Promise<Reading<PriceBook>> {
  try {
    return bookIn(await readFile(file, 'utf8'), shown, today(), await strangeStores());
  } catch (error) {
    return mistaken(`${shown} cannot be read: ${messageOf(error)}`);
  }
}

/** @param shown how messages name where the text is from @param day as `2026-11-26` */
export function bookIn(text: string, shown: string, day: string, strange: Strange): Reading<PriceBook> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return mistaken(`${shown} cannot be read: ${messageOf(error)}`);
  }
  const repeated = keysTwice(text).map((key) => `"${key}" is given twice in one place; keep one`);
  const parsed = parseBook(content, day, strange);
  const mistakes = [
    ...repeated,
    ...(parsed.status === 'invalid' ? parsed.mistakes : worthMistakes(pricesOf(parsed.book))),
  ];
  if (parsed.status === 'valid' && mistakes.length === 0) return good(parsed.book);
  return mistaken(...mistakes.map((mistake) => `${shown}: ${mistake}`));
}
