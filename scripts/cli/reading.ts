/** Makes schemas of functions that read what was typed. */
import { z } from 'zod';

/** What a text means, or every mistake in it. */
export type Reading<Value> =
  | { readonly status: 'ok'; readonly value: Value }
  | { readonly status: 'mistakes'; readonly mistakes: readonly string[] };

export const good = <Value>(value: Value): Reading<Value> => ({ status: 'ok', value });
export const mistaken = (...mistakes: readonly string[]): Reading<never> => ({
  status: 'mistakes',
  mistakes,
});

type Reader<Input, Value> = (input: Input) => Reading<Value> | Promise<Reading<Value>>;

async function transformed<Value>(
  reading: Reading<Value> | Promise<Reading<Value>>,
  context: z.RefinementCtx,
): Promise<Value> {
  const read = await reading;
  if (read.status === 'ok') return read.value;
  for (const message of read.mistakes) context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** The value of an option that takes one. */
export const text = <Value>(reader: Reader<string, Value>): z.ZodType<Value> =>
  z.string().transform((typed, context) => transformed(reader(typed), context));

/** The value of an option whose absence has a meaning too. */
export const textOrNone = <Value>(reader: Reader<string | undefined, Value>): z.ZodType<Value> =>
  z.optional(z.string()).transform((typed, context) => transformed(reader(typed), context));

/** The value of an option that says something without a value too: `true` stands for that. */
export const textOrFlag = <Value>(reader: Reader<string | true | undefined, Value>): z.ZodType<Value> =>
  z
    .optional(z.union([z.string(), z.literal(true)]))
    .transform((typed, context) => transformed(reader(typed), context));

/** The values of an option that may be repeated; undefined where it is absent. */
export const textsOrNone = <Value>(reader: Reader<readonly string[] | undefined, Value>): z.ZodType<Value> =>
  z.optional(z.array(z.string())).transform((typed, context) => transformed(reader(typed), context));

/** Operands. */
export const texts = <Value>(reader: Reader<readonly string[], Value>): z.ZodType<Value> =>
  z.array(z.string()).transform((typed, context) => transformed(reader(typed), context));
