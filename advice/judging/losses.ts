/** Is no more lost than may be, through each failure that sessions are to outlast? */
import type { Measured, StrategyEvidence, SurvivalEvidence } from '../evidence/evidence.ts';
import { onPaper } from '../evidence/on-paper.ts';
import { commandFor } from '../sizing/sizing.ts';
import { measuredCopies } from '../sizing/tiers.ts';
import { eventWords, type FailureEvent, isWithin, lossWords } from '../wishes/losses.ts';
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
  const seen = copies === measuredCopies(strategy.name) ? measuredOf(strategy, event) : null;
  const paper = onPaper(strategy.name);
  // How much was lost a run does not say in these words: where some may be, the paper says how much it can be.
  const decides = seen?.value.outcome === 'survived' || mayLose === 'none' || paper?.alone[event] === 'none';
  if (seen !== null && decides) return judgeSeen(seen, event);
  const command = commandFor(strategy.name, '--faults');
  if (paper === null) return open(wish, `what ${eventWords[event]} loses is not known`, command);
  const losses = copies === measuredCopies(strategy.name) ? paper.alone : (paper.withCopy ?? paper.alone);
  const shows = `${eventWords[event]} loses ${lossWords[losses[event]]}, on paper`;
  const basis = { kind: 'on-paper', command } as const;
  return isWithin(losses[event], mayLose) ? met(wish, shows, basis) : broken(wish, shows, basis);
}

type Seen = Measured<SurvivalEvidence>;

/** The worst that was seen of an event; null where it was not tried, or nothing is known of it. */
function measuredOf({ survival }: StrategyEvidence, event: FailureEvent): Seen | null {
  if (survival.kind === 'missing') return null;
  const tried = survival.value.filter((each) => each.event === event && each.outcome !== 'unknown');
  const worst = tried.find(({ outcome }) => outcome === 'harmed') ?? tried[0];
  return worst === undefined ? null : { kind: 'measured', value: worst, run: survival.run };
}

function judgeSeen({ value, run }: Seen, event: FailureEvent): Judged {
  const shows = `${eventWords[event]} (${value.fault}): ${value.seen}`;
  const basis = { kind: 'measured', run } as const;
  return value.outcome === 'survived' ? met(wish, shows, basis) : broken(wish, shows, basis);
}
