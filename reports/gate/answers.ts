/**
 * Whether the candidate answers worse than the baseline, whatever its speed and the budgets: a class of wrong answers that
 * was not seen before, or a class of wrong answers or errors that is surely more frequent.
 */
import {
  answerClasses,
  type ComparedClassName,
  classesTogether,
  isWrongAnswer,
} from '../../record/common.ts';
import type { ComparedClass, ComparisonAnswers, GateOutcome } from '../../record/gate.ts';
import type { ReadTrial } from '../../record/read/trials.ts';
import type { Rule } from '../../record/rule.ts';
import { accidentShare } from '../../record/unanswered.ts';
import { errorsOf, violationsOf } from '../facts/counts.ts';
import { moreOftenP, smallestMoreOftenP } from '../statistics/counts.ts';
import { holm } from '../statistics/holm.ts';
import { answersMessage } from './answer-words.ts';
import { isTested, untestedIn } from './cut-off.ts';
import { requestsOf, type Tally, tallyOf } from './exposure.ts';
import { type Names, worstOutcome } from './outcome.ts';
import type { ComparedStrategy, Side } from './sides.ts';

/** What one class came to on both sides. */
export type SeenClass = Pick<ComparedClass, 'class' | 'trials' | 'baseline' | 'candidate'>;

/**
 * Judges classes as one family. A class that could not reach the level even if all of its counts were the candidate's is
 * no part of it (Tarone 1990, Biometrics 46:515).
 */
export function judgeClasses(seen: readonly SeenClass[], rule: Rule): ComparedClass[] {
  const tested = seen.map(({ baseline, candidate }) => {
    const least = smallestMoreOftenP(baseline, candidate);
    return least !== null && least <= rule.level ? moreOftenP(baseline, candidate) : null;
  });
  const adjusted = holm(tested);
  return seen.map((each, index): ComparedClass => {
    const p = moreOftenP(each.baseline, each.candidate);
    const adjustedP = adjusted[index] ?? null;
    return { ...each, p, adjustedP, outcome: outcomeOf(each, p, adjustedP, rule) };
  });
}

function outcomeOf(
  { class: name, baseline, candidate }: SeenClass,
  p: number | null,
  adjustedP: number | null,
  rule: Rule,
): GateOutcome {
  if (candidate.count === 0) return 'ok';
  // Whether it is new cannot be told of a side that never had a chance to show it.
  if (p === null) return 'invalid';
  // One wrong answer is a fact and no estimate: there is no chance to be weighed.
  if (isWrongAnswer(name) && baseline.count === 0) return 'regression';
  if (adjustedP !== null && adjustedP <= rule.level)
    return !isWrongAnswer(name) && isAccident(candidate) ? 'inconclusive' : 'regression';
  return p < (1 - rule.confidence) / 2 ? 'inconclusive' : 'ok';
}

/** A machine that stands still for a moment fails many requests at once, of whichever side it is. */
const isAccident = ({ count, exposure, trials }: Tally): boolean =>
  trials === 1 && count <= accidentShare * exposure;

const ofSide = ({ run, name }: Side): readonly ReadTrial[] =>
  run.trials.filter(({ strategy }) => strategy === name);

/** Counts of an invalid trial of the baseline excuse nothing in valid ones, so these are judged for themselves too. */
function witnessesOf({ baseline, candidate }: ComparedStrategy, name: ComparedClassName): SeenClass[] {
  const [before, after] = [ofSide(baseline), ofSide(candidate)];
  const seen = (trials: SeenClass['trials']): SeenClass => {
    const chosen = (all: readonly ReadTrial[]) =>
      all.filter((trial) => (trials === 'all' || trial.kind === 'valid') && isTested(name, trial));
    return {
      class: name,
      trials,
      baseline: tallyOf(chosen(before), name),
      candidate: tallyOf(chosen(after), name),
    };
  };
  const all = seen('all');
  if (all.baseline.count + all.candidate.count === 0) return [];
  const valid = seen('valid');
  const differ = valid.baseline.count < all.baseline.count && valid.candidate.count > 0;
  return differ ? [all, valid] : [all];
}

/** Kinds of which the candidate shows several classes: few of each may be many. */
export const togetherOf = (each: readonly SeenClass[]) =>
  classesTogether.filter((kind) => {
    const shown = each.filter(
      ({ class: name, candidate }) => candidate.count > 0 && isWrongAnswer(name) === isWrongAnswer(kind),
    );
    return new Set(shown.map(({ class: name }) => name)).size > 1;
  });

function seenOf(compared: ComparedStrategy): SeenClass[] {
  const each = answerClasses.flatMap((name) => witnessesOf(compared, name));
  return [...each, ...togetherOf(each).flatMap((kind) => witnessesOf(compared, kind))];
}

/** All classes of all strategies are judged as one family. */
export function judgeAnswers(
  strategies: readonly ComparedStrategy[],
  names: Names,
  rule: Rule,
): ComparisonAnswers[] {
  const asked = strategies.flatMap((compared) => seenOf(compared).map((seen) => ({ compared, seen })));
  const judged = judgeClasses(
    asked.map(({ seen }) => seen),
    rule,
  );
  return strategies.map((compared) => {
    const own = judged.filter((_, index) => asked[index]?.compared === compared);
    return answersOf(compared, worstWitnesses(own), names);
  });
}

const worstWitnesses = (judged: readonly ComparedClass[]): ComparedClass[] =>
  [...Map.groupBy(judged, (each) => each.class).values()].flatMap((witnesses) => {
    const worst = worstOutcome(witnesses.map(({ outcome }) => outcome));
    const found = witnesses.find(({ outcome }) => outcome === worst);
    return found ? [found] : [];
  });

function answersOf(
  { strategy, baseline, candidate }: ComparedStrategy,
  classes: ComparedClass[],
  names: Names,
): ComparisonAnswers {
  const [before, after] = [sideAnswers(baseline), sideAnswers(candidate)];
  const unseen: GateOutcome = after.answered === 0 ? 'invalid' : 'ok';
  const outcome = worstOutcome([unseen, ...classes.map((each) => each.outcome)]);
  const untested = untestedIn(ofSide(candidate));
  const message = `${strategy}: ${answersMessage({ outcome, candidate: after, classes, untested }, names)}`;
  return { strategy, outcome, message, baseline: before, candidate: after, classes };
}

function sideAnswers(side: Side): ComparisonAnswers['baseline'] {
  const trials = ofSide(side);
  return { ...requestsOf(trials), violations: violationsOf(trials), errors: errorsOf(trials) };
}
