/**
 * The gate's budgets, as a project keeps them in `session-bench.config.json`:
 * `{ "gate": { "read.p50": "5%", "cpuPerRequest": "5%" } }`.
 */
import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { isMetric, type Metric, metricNames } from '../../record/metrics.ts';

/** `5%`, `2.5 %`: more than 0 and at most 1000 %. */
const percentPattern = /^\s*(\d{1,4}(?:\.\d{1,3})?)\s*%\s*$/;

const budgetText = z
  .string('write a budget as a percentage, for example "5%"')
  .regex(percentPattern, { error: 'write a budget as a percentage, for example "5%"', abort: true })
  .refine((text) => {
    const share = shareOf(text);
    return share > 0 && share <= 10;
  }, 'a budget is more than 0 % and at most 1000 %')
  .describe('Change for the worse that is still accepted, for example "5%".');

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  gate: z
    .partialRecord(z.enum(metricNames), budgetText)
    .describe('Metrics that the gate judges, each with its budget.'),
});

/** One metric that the gate judges. */
export interface Budget {
  readonly metric: Metric;
  /** Change for the worse that is still accepted, as a share: 0.05 for `5%`. */
  readonly share: number;
}

export type BudgetsResult =
  | { readonly status: 'valid'; readonly budgets: readonly Budget[] }
  /** Every mistake, each with what to do. */
  | { readonly status: 'invalid'; readonly mistakes: readonly string[] };

function shareOf(text: string): number {
  return Number(percentPattern.exec(text)?.[1] ?? Number.NaN) / 100;
}

/** @param config the parsed JSON, or the module's default export */
export function parseBudgets(config: unknown): BudgetsResult {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) return { status: 'invalid', mistakes: parsed.error.issues.flatMap(mistakesOf) };
  const budgets = Object.entries(parsed.data.gate)
    .filter((entry): entry is [Metric, string] => isMetric(entry[0]) && entry[1] !== undefined)
    .map(([metric, text]) => ({ metric, share: shareOf(text) }));
  if (budgets.length > 0) return { status: 'valid', budgets };
  return {
    status: 'invalid',
    mistakes: ['gate: names no metric, so nothing would be judged; add one, for example "read.p50": "5%"'],
  };
}

function mistakesOf(issue: z.core.$ZodIssue): string[] {
  const place = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) =>
      unknownKey([...place, key], place.length > 0 ? metricNames : ['gate', '$schema']),
    );
  return [`${place.join(': ') || 'config'}: ${issue.message}`];
}

function unknownKey(place: readonly string[], known: readonly string[]): string {
  const key = place.at(-1) ?? '';
  const guess = closest(key, [...known]);
  const hint = distance(key, guess) <= Math.max(2, guess.length / 3) ? `; did you mean "${guess}"?` : '';
  const all =
    known.length > 4 ? `${known.length} metrics, such as read.p50 and cpuPerRequest` : known.join(', ');
  return `${place.join(': ')}: unknown key${hint} (known: ${all})`;
}

/** JSON Schema (draft 2020-12) of the config file, for editors. */
export function configJsonSchema(): unknown {
  return { title: 'session-bench.config.json', ...z.toJSONSchema(configSchema) };
}
