/** Asks checks of one deployment. Whatever stops a check makes its outcome unknown, and hinders no other. */
import { messageOf } from '../../infra/machine/errors.ts';
import { type SecurityCheckId, securityChecks } from '../../record/security-checks.ts';
import type { CheckResult } from '../../record/verification.ts';
import { type Check, type Found, unknown } from './check.ts';
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
  for (const [id, check, ...needs] of checks) {
    const since = performance.now();
    const found = await foundBy(check, met, whyNotAsked(needs, results), signal);
    results.push(resultOf(id, found, performance.now() - since));
  }
  return results;
}

/** @param met the target, or why it was not met @param why it must not be asked; null where it may */
async function foundBy(
  check: Check,
  met: Target | string,
  why: string | null,
  signal: AbortSignal,
): Promise<Found> {
  if (typeof met === 'string') return unknown(met);
  return why === null ? await answered(() => check(met, signal), signal) : unknown(why);
}

/** Null where all that the check rests on is sound. */
function whyNotAsked(needs: readonly SecurityCheckId[], results: readonly CheckResult[]): string | null {
  const broken = needs.find((need) => results.some(({ id, outcome }) => id === need && outcome === 'broken'));
  return broken === undefined
    ? null
    : `It was not asked: it rests on "${securityChecks[broken].title}", which is broken.`;
}

/** All at the same time: for checks that keep time and wait. Never throws. */
export const askTogether = async (
  surface: Surface,
  checks: Checks,
  signal: AbortSignal,
): Promise<readonly CheckResult[]> =>
  await surface.quietly(async () => {
    const asked = await Promise.all(checks.map((check) => askInTurn(surface, [check], signal)));
    return asked.flat();
  });

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
