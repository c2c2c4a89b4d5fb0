/** What a run needs of this machine: questions that can fail, and what to do then. */

/**
 * - `good`
 * - `later`: a run gets it by itself (fetches, builds, removes)
 * - `hint`: runs, but numbers or comfort suffer
 * - `bad`: something cannot run
 */
export type Standing = 'good' | 'later' | 'hint' | 'bad';

export interface Answer {
  readonly status: Standing;
  /** What was found. */
  readonly detail: string;
  /** What to do about it; null where there is nothing to do. */
  readonly remedy: string | null;
}

export interface Requirement {
  readonly name: string;
  /** Null where the question makes no sense on this machine. */
  ask(): Promise<Answer | null>;
}

export interface Finding extends Answer {
  readonly name: string;
}

export const good = (detail: string): Answer => ({ status: 'good', detail, remedy: null });
export const later = (detail: string, remedy: string | null = null): Answer => ({
  status: 'later',
  detail,
  remedy,
});
export const hint = (detail: string, remedy: string | null = null): Answer => ({
  status: 'hint',
  detail,
  remedy,
});
export const bad = (detail: string, remedy: string | null = null): Answer => ({
  status: 'bad',
  detail,
  remedy,
});

/** Asks all, in any order; findings come in the order of the requirements. */
export async function examine(requirements: readonly Requirement[]): Promise<readonly Finding[]> {
  const findings = await Promise.all(
    requirements.map(async ({ name, ask }) => {
      const answer = await ask();
      return answer === null ? null : { name, ...answer };
    }),
  );
  return findings.filter((finding) => finding !== null);
}
