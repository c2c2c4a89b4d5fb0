/** `run.json` of version 1, brought up to today's. There the kind of a run stood in optional fields. */
import { z } from 'zod';
import { type Design, searchDesign, sidesDesign } from './design.ts';
import { commonRate } from './rate.ts';
import { RUN_VERSION, type RunRecord, runRecord, runStrategy } from './run.ts';

export const VERSION_1 = 1;

const version1 = z.strictObject({
  ...runRecord.omit({ design: true }).shape,
  schemaVersion: z.literal(VERSION_1),
  plan: z.strictObject({ ...runRecord.shape.plan.shape, blocks: z.int().min(1) }),
  rate: commonRate.nullable(),
  capacity: searchDesign.omit({ kind: true, rounds: true }).optional(),
  strategies: z.array(
    z.strictObject({ ...runStrategy.shape, budgets: runStrategy.shape.budgets.default([]) }),
  ),
  comparison: sidesDesign.omit({ kind: true, blocks: true, rate: true }).nullable().default(null),
});

function designOf({ capacity, comparison, rate, plan: { blocks } }: z.infer<typeof version1>): Design {
  if (capacity) return { kind: 'search', rounds: blocks, ...capacity };
  if (comparison) return { kind: 'sides', blocks, rate, ...comparison };
  return { kind: 'blocks', blocks, rate };
}

/** A schema that takes a record of version 1 and gives one of today's. */
export const upgradedRun = version1.transform((old): RunRecord => {
  const { capacity: _capacity, comparison: _comparison, rate: _rate, plan, ...rest } = old;
  const { blocks: _blocks, ...kept } = plan;
  return { ...rest, schemaVersion: RUN_VERSION, plan: kept, design: designOf(old) };
});

export const isVersion1 = (value: unknown): boolean =>
  z.looseObject({ schemaVersion: z.literal(VERSION_1) }).safeParse(value).success;
