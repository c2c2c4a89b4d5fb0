/** What a run needs of this machine: questions that can fail, what they mean, and what to do then. */
import { messageOf } from '../machine/errors.ts';

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
  /** What a run needs it for. A clause: `servers keep their data there`. Told where something stands in the way. */
  readonly means: string;
  /** Tries the thing itself where that can be done. Null where the question makes no sense on this machine. */
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

/** Asks all, in any order; findings come in the order of the requirements. Never throws. */
export async function examine(requirements: readonly Requirement[]): Promise<readonly Finding[]> {
  const findings = await Promise.all(requirements.map(examineOne));
  return findings.filter((finding) => finding !== null);
}

async function examineOne({ name, means, ask }: Requirement): Promise<Finding | null> {
  try {
    const answer = await ask();
    if (answer === null) return null;
    return { name, ...answer, ...(answer.status === 'bad' ? { detail: `${answer.detail}; ${means}` } : {}) };
  } catch (error) {
    const detail = `it could not be found out: ${messageOf(error)}; ${means}`;
    return { name, ...bad(detail, 'Mend what the message names, and try again.') };
  }
}
