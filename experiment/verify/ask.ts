/** Asks checks of one deployment. Whatever stops a check makes its outcome unknown, and hinders no other. */
import { messageOf } from '../../infra/machine/errors.ts';
import { type SecurityCheckId, securityChecks } from '../../record/security-checks.ts';
import type { CheckResult } from '../../record/verification.ts';
import { type Found, unknown } from './check.ts';
import type { Checks } from './checks/index.ts';
import { type Surface, Target } from './target.ts';

/** One after the other. Never throws; ends early when the signal does. */
export async function askInTurn(
  surface: Surface,
  checks: Checks,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> {
  const met = await Target.meet(surface).catch(messageOf);
  const results: CheckResult[] = [];
  for (const [id, check] of checks) {
    const since = performance.now();
    const found = typeof met === 'string' ? unknown(met) : await answered(() => check(met, signal), signal);
    results.push(resultOf(id, found, performance.now() - since));
  }
  return results;
}

/** All at the same time: for checks that wait. Never throws. */
export const askTogether = async (
  surface: Surface,
  checks: Checks,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> =>
  (await Promise.all(checks.map((check) => askInTurn(surface, [check], signal)))).flat();

async function answered(ask: () => Promise<Found>, signal: AbortSignal): Promise<Found> {
  if (signal.aborted) return unknown('It was interrupted.');
  try {
    return await ask();
  } catch (error) {
    return unknown(signal.aborted ? 'It was interrupted.' : `It could not be asked: ${messageOf(error)}.`);
  }
}

/** @param took milliseconds */
export const resultOf = (id: SecurityCheckId, found: Found, took: number): CheckResult => ({
  id,
  requirements: [...securityChecks[id].requirements],
  ...found,
  milliseconds: Math.round(took),
});
