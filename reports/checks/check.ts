/** A check looks at the facts of a run and says what a reader should know. Checks are composed; none knows another. */
import type { Finding, Reason } from '../../record/reasons.ts';
import { catalogue, severities } from '../../record/reasons.ts';
import type { Facts } from '../facts/facts.ts';
import { toldOnce } from './told-once.ts';

export type Check<Of extends Facts = Facts> = (facts: Of) => readonly Finding[];

/** What all of them found, the gravest first, otherwise in the order of the checks. */
export function checked<Of extends Facts>(facts: Of, checks: readonly Check<Of>[]): Finding[] {
  return bySeverity(checks.flatMap((check) => check(facts)));
}

/** The gravest first. What is so of both runs of a comparison, in the same words, is said once. */
export function bySeverity(findings: readonly Finding[]): Finding[] {
  const different = [...new Map(findings.map((each) => [JSON.stringify(each), each])).values()];
  return toldOnce(severities.flatMap((severity) => different.filter((each) => each.severity === severity)));
}

export const asWarning = (reason: Reason): Finding => ({ ...reason, severity: 'warning' });

export const asCatalogued = (reason: Reason): Finding => ({
  ...reason,
  severity: catalogue[reason.code].severity,
});
