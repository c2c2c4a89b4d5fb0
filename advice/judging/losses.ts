/** Is no more lost than may be, through each failure that sessions are to outlast? */

import { commandFor } from '../evidence/commands.ts';
import type { StrategyEvidence, SurvivalEvidence } from '../evidence/evidence.ts';
import { aloneOnPaper, withCopyOnPaper } from '../evidence/on-paper.ts';
import { measuredCopies } from '../sizing/tiers.ts';
import { eventWords, type FailureEvent, isWithin, type Loss, lossWords } from '../wishes/losses.ts';
import type { Wishes } from '../wishes/wishes.ts';
import { broken, type Judged, met, open } from './judged.ts';

const wish = 'losses';

/** One for each event of the wishes. @param copies of each server of the store */
export const judgeLosses = (strategy: StrategyEvidence, copies: number, wishes: Wishes): readonly Judged[] =>
  wishes.survives.map((event) => judgeEvent(strategy, copies, wishes, event));

function judgeEvent(
  strategy: StrategyEvidence,
  copies: number,
  { mayLose }: Wishes,
  event: FailureEvent,
): Judged {
  const seen = seenOf(strategy, event);
  const alone = aloneOnPaper(strategy)[event];
  const asMeasured = copies === measuredCopies(strategy);
  // One trial without a loss is no promise of none: where the paper says more, the paper counts.
  const isMild = seen !== null && alone !== null && !isWithin(alone, seen.loses);
  // What loses more than it should alone is not believed to lose less with a copy.
  const isWorse = seen !== null && alone !== null && !isWithin(seen.loses, alone);
  if (seen !== null && (isWorse || (asMeasured && !isMild))) return judgeSeen(seen, event, mayLose);
  const command = commandFor(strategy.name, '--faults');
  const loses = asMeasured ? alone : (withCopyOnPaper(strategy)?.[event] ?? alone);
  if (loses === null) return open(wish, `what ${eventWords[event]} loses is not known`, command);
  const milder = seen !== null && asMeasured ? ` (${seen.seen} in ${seen.run})` : '';
  const shows = `${eventWords[event]} loses ${lossWords[loses]}, on paper${milder}`;
  const basis = { kind: 'on-paper', command } as const;
  return isWithin(loses, mayLose) ? met(wish, shows, basis) : broken(wish, shows, basis);
}

interface Seen extends SurvivalEvidence {
  readonly loses: Loss;
}

/** The worst that was seen of an event; null where it was not tried, or nothing is known of it. */
function seenOf({ survival }: StrategyEvidence, event: FailureEvent): Seen | null {
  if (survival.kind === 'missing') return null;
  const tried = survival.value.flatMap((each): readonly Seen[] =>
    each.event === event && each.loses !== null ? [{ ...each, loses: each.loses }] : [],
  );
  const [worst] = tried.toSorted((a, b) => (isWithin(a.loses, b.loses) ? 1 : -1));
  return worst ?? null;
}

function judgeSeen({ loses, fault, seen, run }: Seen, event: FailureEvent, mayLose: Loss): Judged {
  const shows = `${eventWords[event]} (${fault}): ${seen}`;
  const basis = { kind: 'measured', run } as const;
  return isWithin(loses, mayLose) ? met(wish, shows, basis) : broken(wish, shows, basis);
}
