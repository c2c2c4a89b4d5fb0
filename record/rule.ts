/** The rule by which comparisons are judged. docs/statistics-simulated.md shows what it does. */
import { z } from 'zod';

const share = z.number().gt(0).lt(1);

export const ruleSchema = z.strictObject({
  /** Chance of any false DIFFERENT in all comparisons that are judged together. */
  level: share,
  /** Confidence of the intervals that are shown and that must lie wholly within or outside the floor: of each in the gate, of all together in a report. */
  confidence: share,
  /** Relative change that matters, as a share: 0.05 makes everything between 1/1.05 and 1.05 the same. */
  floor: z.number().gt(0).max(10),
  /** Chance with which an effect of the smallest detectable size is found. */
  power: share,
});
export type Rule = z.infer<typeof ruleSchema>;

export const defaultRule: Rule = { level: 0.01, confidence: 0.95, floor: 0.05, power: 0.8 };
