/**
 * docs/findings.md, made of the catalogue: every code that a trial, a run or a report may carry. `node
 * record/findings-page.ts` writes the file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { catalogue, reasonCodes } from './reasons.ts';

export const findingsFile = path.join(import.meta.dirname, '../docs/findings.md');

/** The file's content, as it must be for the catalogue. */
export function findingsPage(): string {
  const rows = reasonCodes.map((code) => {
    const { severity, means, todo } = catalogue[code];
    return `| \`${code}\` | ${severity} | ${means} | ${todo} |`;
  });
  const parts = [
    '# Reasons and findings',
    'Every code that `trial.json`, `run.json`, `summary.json` and `comparison.json` may carry: why a trial is invalid, what went wrong in a run, what a reader should know. Written by `node record/findings-page.ts` from [record/reasons.ts](../record/reasons.ts).',
    'An **alarm** says: do not use the numbers. A **warning**: something was not measured as planned. A **note**: read this first. The reason of a single trial has no severity; the column is that of the finding in which it is gathered, and a message may know more than this page.',
    ['| code | severity | what it means | what to do |', '| :-- | :-- | :-- | :-- |', ...rows].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) await writeFile(findingsFile, findingsPage());
