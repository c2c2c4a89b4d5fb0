/** What came of tests, whatever ran them. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noTests: Totals = { passed: 0, failed: 0, skipped: 0 };

export const addTotals = (a: Totals, b: Totals): Totals => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

/** `12 passed, 0 failed`, and `, 1 skipped` where there are some. */
export const describeTotals = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/**
 * What counts when the files with failures were run once more, alone: a test that fails again has failed; all others have
 * passed, and `say` tells how many needed a second run.
 */
export function afterSecondRun(first: Totals, second: Totals, say: (line: string) => void): Totals {
  const failed = Math.min(first.failed, second.failed);
  if (second.failed >= first.failed || second.passed === 0) return first;
  say(
    `${first.failed - failed} tests failed at first and passed alone: look at them, they depend on the machine.`,
  );
  return { ...first, passed: first.passed + first.failed - failed, failed };
}
