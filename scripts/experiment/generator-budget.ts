/** How much of its core's time the generator may use before its own pace is in doubt. */

/** A single event loop has no reserve: past this share, pacing suffers. */
const DEFAULT_SHARE = 0.85;
const variable = 'SESSION_BENCH_GENERATOR_BUDGET';

/** A mistake in the environment, with what to write instead; null when there is none. */
export function generatorBudgetMistake(env: NodeJS.ProcessEnv = process.env): string | null {
  const text = env[variable];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return value > 0 && value <= 1
    ? null
    : `${variable} is "${text}"; give a share above 0 and up to 1, or leave it out for ${DEFAULT_SHARE}`;
}

/**
 * Share of the generator's core, 0 to 1. SESSION_BENCH_GENERATOR_BUDGET sets a smaller one where the generator must leave
 * its core to others; tests do, to see its limit.
 */
export function generatorBudget(env: NodeJS.ProcessEnv = process.env): number {
  const text = env[variable];
  return text && generatorBudgetMistake(env) === null ? Number(text) : DEFAULT_SHARE;
}
