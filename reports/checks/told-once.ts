/** What programs wrote, such as a log or the body of an answer, is shown with the first finding that has it. */
import { headlineOf, rawPartsOf } from '../../record/log-lines.ts';
import type { Finding } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';

/** @param findings in the order in which they are shown */
export function toldOnce(findings: readonly Finding[]): Finding[] {
  const told = new Set<string>();
  return findings.map((finding) => {
    const parts = rawPartsOf(finding.message);
    const isTold = parts.length > 0 && parts.every((part) => told.has(part));
    for (const part of parts) told.add(part);
    return isTold ? { ...finding, message: asSentenceEnd(headlineOf(finding.message)) } : finding;
  });
}
