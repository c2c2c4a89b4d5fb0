/** What may be typed for a search for capacity, and what goes with what. */
import { z } from 'zod';
import { searchDefaults } from '../../experiment/search/outcome.ts';
import { defaultSlo, shortestTrial } from '../../experiment/search/plan.ts';
import { longestLimit, parseSlo, type Slo, sloSyntax } from '../../experiment/search/slo.ts';
import { flag, type OptionSpec, wholeNumber } from '../cli/arguments.ts';

/** The generator gives an operation up after this time, in seconds; what takes longer is an error. */
const GIVEN_UP_AFTER = 5;
const FEWEST_TRIALS = 4;

/** A promise (SLO), or every mistake in it and how one is written. */
const slo: z.ZodType<Slo> = z.unknown().transform((raw, context): Slo => {
  const parsed = parseSlo(String(raw));
  const mistakes = parsed.status === 'invalid' ? [...parsed.mistakes] : [];
  if (parsed.status === 'valid' && longestLimit(parsed.slo) > GIVEN_UP_AFTER)
    mistakes.push(
      `an operation is given up after ${GIVEN_UP_AFTER} s; promise a latency of at most ${GIVEN_UP_AFTER} s`,
    );
  if (parsed.status === 'valid' && mistakes.length === 0) return parsed.slo;
  mistakes.forEach((message, index) => {
    const last = index === mistakes.length - 1;
    context.addIssue({ code: 'custom', message: last ? `${message}.\n    ${sloSyntax}` : message });
  });
  return z.NEVER;
});

export const capacityOptions = {
  capacity: {
    flags: '--capacity',
    description:
      'find for each strategy the highest rate that keeps the promise of --slo, instead of measuring all at one rate',
    schema: flag,
  },
  slo: {
    flags: '--slo <TEXT>',
    description: `the promise that --capacity holds each strategy to. Default: ${defaultSlo}`,
    schema: slo.optional(),
  },
  trials: {
    flags: '--trials <N>',
    description: `trials that --capacity may take for each strategy, ${FEWEST_TRIALS} to ${searchDefaults.maxTrials}. Default: ${searchDefaults.maxTrials}`,
    schema: wholeNumber('a number of trials', FEWEST_TRIALS, searchDefaults.maxTrials).optional(),
  },
} satisfies Readonly<Record<string, OptionSpec>>;

/** Mistakes that no option makes alone. `typed` is what was typed, by option. */
export function capacityMistakes(typed: Readonly<Record<string, unknown>>): readonly string[] {
  if (typed.capacity !== true)
    return ['slo', 'trials']
      .filter((each) => typed[each] !== undefined)
      .map((each) => `--${each} says nothing without --capacity. Add --capacity, or leave --${each} out.`);
  const idle = ['rate', 'blocks']
    .filter((each) => typed[each] !== undefined)
    .map(
      (each) => `--${each} cannot be given with --capacity, whose search chooses the rates. Leave one out.`,
    );
  return [...idle, ...tooShort(typed.duration, typed.slo ?? defaultSlo)];
}

function tooShort(duration: unknown, text: unknown): string[] {
  const parsed = parseSlo(String(text));
  if (parsed.status === 'invalid' || duration === undefined) return [];
  const shortest = shortestTrial(parsed.slo);
  return Number(duration) < shortest
    ? [
        `--duration ${duration}: trials that short cannot show whether "${text}" is kept, since a queue that grows would not reach the limit. Give ${shortest} s or more, or leave --duration out.`,
      ]
    : [];
}

export function soundDefaultSlo(): Slo {
  const parsed = parseSlo(defaultSlo);
  if (parsed.status === 'invalid') throw new Error(`the default promise is not sound: ${parsed.mistakes}`);
  return parsed.slo;
}
