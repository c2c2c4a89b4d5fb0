/** What may be typed as the value of an option. Mistakes say what was typed and what to type instead. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../infra/machine/errors.ts';
import { nearestExisting } from '../../infra/machine/nearest-folder.ts';
import { good, mistaken, type Reading, text, textsOrNone } from './reading.ts';
import { unknownWord } from './suggest.ts';

/** The value of what `usual` says, where the option is absent. */
export const orElse = <Value>(schema: z.ZodType<Value>, usual: string): z.ZodType<Value> =>
  z.preprocess((typed) => typed ?? usual, schema);

/** `true` when the flag was given. */
export const flag: z.ZodType<boolean> = z.unknown().transform((typed) => typed === true);

function numberIn(pattern: RegExp, kind: string, what: string, min: number, max: number) {
  return (typed: string): Reading<number> => {
    const value = pattern.test(typed.trim()) ? Number(typed) : Number.NaN;
    if (value >= min && value <= max) return good(value);
    return mistaken(`"${typed}" is not ${what}; give ${kind} from ${min} to ${max}`);
  };
}

const wholeNumberIn = (what: string, min: number, max: number) =>
  numberIn(/^[+-]?\d+$/, 'a whole number', what, min, max);

export const wholeNumber = (what: string, min: number, max: number): z.ZodType<number> =>
  text(wholeNumberIn(what, min, max));

/** Different whole numbers, separated by commas. */
export function wholeNumbers(what: string, min: number, max: number): z.ZodType<readonly number[]> {
  const read = wholeNumberIn(what, min, max);
  return text<readonly number[]>((typed) => {
    const readings = typed.split(',').map(read);
    const mistakes = readings.flatMap((each) => (each.status === 'mistakes' ? each.mistakes : []));
    if (mistakes.length > 0) return mistaken(...mistakes);
    return good([...new Set(readings.flatMap((each) => (each.status === 'ok' ? [each.value] : [])))]);
  });
}

export const decimalNumber = (what: string, min: number, max: number): z.ZodType<number> =>
  text(numberIn(/^[+-]?(\d+\.?\d*|\.\d+)$/, 'a number', what, min, max));

/** What is said of a word that names nothing. */
type Unknown = (word: string) => string;

const unknownAmong =
  <Thing>(what: string, known: readonly Thing[], nameOf: (thing: Thing) => string): Unknown =>
  (word) =>
    unknownWord(what, word, known.map(nameOf));

/** One of the known things, found by its name. */
export function named<Thing>(
  what: string,
  known: readonly Thing[],
  nameOf: (thing: Thing) => string,
  unknown = unknownAmong(what, known, nameOf),
): z.ZodType<Thing> {
  return text((typed) => {
    const found = known.find((thing) => nameOf(thing) === typed);
    return found === undefined ? mistaken(unknown(typed)) : good(found);
  });
}

/** One of a few words. */
export const oneOf = <const Word extends string>(what: string, known: readonly Word[]): z.ZodType<Word> =>
  named(what, known, (word) => word);

export interface Choice<Thing> {
  readonly things: readonly Thing[];
  /** False where nothing was typed: then they are the usual ones. */
  readonly named: boolean;
}

/**
 * Some of the known things by their names, each once; names may be separated by commas.
 * @param usual those that are meant where nothing is typed
 */
export function choiceOf<Thing>(
  known: readonly Thing[],
  usual: readonly Thing[],
  nameOf: (thing: Thing) => string,
  unknown: Unknown,
): z.ZodType<Choice<Thing>> {
  const byName = new Map(known.map((thing) => [nameOf(thing), thing]));
  return textsOrNone<Choice<Thing>>((typed) => {
    if (typed === undefined) return good({ things: usual, named: false });
    const names = [...new Set(typed.flatMap((each) => each.split(',')))];
    const strange = names.filter((name) => !byName.has(name));
    if (strange.length > 0) return mistaken(...strange.map(unknown));
    return good({ things: names.flatMap((name) => byName.get(name) ?? []), named: true });
  });
}

/** A folder that files can be written to, or that can be made. It is not made here. */
export const writableFolder: z.ZodType<string> = text(async (typed) => {
  if (typed === '') return mistaken('give a folder');
  try {
    const nearest = await nearestExisting(path.resolve(typed));
    if (!(await stat(nearest)).isDirectory()) throw new Error(`${nearest} is no folder`);
    await access(nearest, constants.W_OK | constants.X_OK);
    return good(typed);
  } catch (error) {
    return mistaken(
      `results cannot be written to "${typed}": ${messageOf(error)}. Name a folder that you may write to.`,
    );
  }
});
