/** Options that all commands which measure spell alike: what may be typed, and what it means. */
import { z } from 'zod';
import type { RateChoice } from '../../experiment/plan.ts';
import { MAX_SEED } from '../../experiment/random.ts';
import {
  ImageOverrideError,
  type ImageOverrides,
  imageKinds,
  readImageOverrides,
  runtimeChoices,
} from '../../infra/runtimes/index.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import { flag, type OptionSpec, wholeNumber } from './arguments.ts';
import { unknownWord } from './suggest.ts';

const MAX_RATE = 200_000;

/** One of the known things, found by its name. */
export function named<Thing>(
  what: string,
  known: readonly Thing[],
  nameOf: (thing: Thing) => string,
): z.ZodType<Thing> {
  return z.unknown().transform((raw, context): Thing => {
    const found = known.find((thing) => nameOf(thing) === raw);
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: unknownWord(what, String(raw), known.map(nameOf)) });
    return z.NEVER;
  });
}

export function strategyList(known: readonly Strategy[]): z.ZodType<readonly Strategy[]> {
  return z.array(z.string()).transform((raw, context): readonly Strategy[] => {
    const names = [...new Set(raw.flatMap((each) => each.split(',')))];
    const chosen: Strategy[] = [];
    for (const name of names) {
      const strategy = known.find((each) => each.name === name);
      if (strategy) chosen.push(strategy);
      else {
        const message = unknownWord(
          'strategy',
          name,
          known.map((each) => each.name),
        );
        context.addIssue({ code: 'custom', message });
      }
    }
    return chosen;
  });
}

export const rate: z.ZodType<RateChoice> = z.unknown().transform((raw, context): RateChoice => {
  if (raw === 'auto') return { mode: 'auto' };
  const parsed = wholeNumber('a rate in requests per second (or "auto")', 1, MAX_RATE).safeParse(raw);
  if (parsed.success) return { mode: 'given', value: parsed.data };
  for (const issue of parsed.error.issues) context.addIssue({ code: 'custom', message: issue.message });
  return z.NEVER;
});

/** Takes a default into account where the option is absent. */
export function orElse<Value>(schema: z.ZodType<Value>, typed: unknown): z.ZodType<Value> {
  return z.preprocess((raw) => raw ?? typed, schema);
}

function imageOverrides(kinds: readonly string[]): z.ZodType<ImageOverrides> {
  return z.unknown().transform((raw, context): ImageOverrides => {
    try {
      const overrides = readImageOverrides(z.array(z.string()).parse(raw ?? []));
      for (const kind of overrides.keys()) {
        if (!kinds.includes(kind))
          context.addIssue({ code: 'custom', message: unknownWord('kind of image', kind, kinds) });
      }
      return overrides;
    } catch (error) {
      if (!(error instanceof ImageOverrideError)) throw error;
      for (const message of error.message.split('\n')) context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  });
}

/** Where and how to measure: the same words, meanings and defaults for every command. */
export const measuringOptions = (strategies: readonly Strategy[]) =>
  ({
    runtime: {
      flags: '--runtime <NAME>',
      description:
        'docker: containers of official images; native: processes of this machine; auto: docker where an engine answers, else native. Default: auto',
      schema: named('runtime', runtimeChoices, (each) => each).optional(),
    },
    images: {
      flags: '--image <KIND=IMAGE>',
      description: `run another image in Docker, such as redis=redis:7; may be repeated. Also SESSION_BENCH_IMAGES, separated by commas. Kinds: ${imageKinds(strategies).join(', ')}`,
      repeatable: true,
      schema: imageOverrides(imageKinds(strategies)),
    },
    seed: {
      flags: '--seed <N>',
      description: `seed of every random choice, 0 to ${MAX_SEED}. Default: a new one, printed`,
      schema: wholeNumber('a seed', 0, MAX_SEED).optional(),
    },
    dryRun: {
      flags: '--dry-run',
      description: 'print the plan and the time it will take, and start nothing',
      schema: flag,
    },
  }) satisfies Readonly<Record<string, OptionSpec>>;
