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
import { isTested, unrepeatedStandstills, untestedIn } from './cut-off.ts';
import { requestsOf, tallyOf } from './exposure.ts';
import { type Names, worstOutcome } from './outcome.ts';
import type { ComparedStrategy, Side } from './sides.ts';

/** What one class came to on both sides. */
export interface SeenClass extends Pick<ComparedClass, 'class' | 'trials' | 'baseline' | 'candidate'> {
  /** Whether all that the candidate showed is of one trial, in which both sides stood still at the same time. */
  readonly inOneStandstill: boolean;
}

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
    const { inOneStandstill: _, ...counted } = each;
    const p = moreOftenP(each.baseline, each.candidate);
    const adjustedP = adjusted[index] ?? null;
    return { ...counted, p, adjustedP, outcome: outcomeOf(each, p, adjustedP, rule) };
  });
}

function outcomeOf(seen: SeenClass, p: number | null, adjustedP: number | null, rule: Rule): GateOutcome {
  const { class: name, baseline, candidate } = seen;
  if (candidate.count === 0) return 'ok';
  // Whether it is new cannot be told of a side that never had a chance to show it.
  if (p === null) return 'invalid';
  // One wrong answer is a fact and no estimate: there is no chance to be weighed.
  if (isWrongAnswer(name) && baseline.count === 0) return 'regression';
  if (adjustedP !== null && adjustedP <= rule.level)
    return !isWrongAnswer(name) && mayBeAccident(seen) ? 'inconclusive' : 'regression';
  return p < (1 - rule.confidence) / 2 ? 'inconclusive' : 'ok';
}

/** A machine that stands still for a moment fails many requests at once, of whichever side it is. */
const mayBeAccident = ({ candidate: { count, exposure, trials }, inOneStandstill }: SeenClass): boolean =>
  inOneStandstill || (trials === 1 && count <= accidentShare * exposure);

const ofSide = ({ run, name }: Side): readonly ReadTrial[] =>
  run.trials.filter(({ strategy }) => strategy === name);

const stoodStillTogether = (trial: ReadTrial): boolean =>
  trial.kind === 'valid' && trial.record.warnings.some(({ code }) => code === 'sides-stood-still');

function seenIn(
  name: ComparedClassName,
  trials: SeenClass['trials'],
  before: readonly ReadTrial[],
  after: readonly ReadTrial[],
): SeenClass {
  const candidate = tallyOf(after, name);
  const standstill = after.filter(stoodStillTogether);
  return {
    class: name,
    trials,
    baseline: tallyOf(before, name),
    candidate,
    inOneStandstill: candidate.trials === 1 && tallyOf(standstill, name).count === candidate.count,
  };
}

/** Counts of an invalid trial of the baseline excuse nothing in valid ones, so these are judged for themselves too. */
function witnessesOf({ baseline, candidate }: ComparedStrategy, name: ComparedClassName): SeenClass[] {
  const [before, after] = [ofSide(baseline), ofSide(candidate)];
  const seen = (trials: 'all' | 'valid'): SeenClass => {
    const chosen = (all: readonly ReadTrial[]) =>
      all.filter((trial) => (trials === 'all' || trial.kind === 'valid') && isTested(name, trial));
    return seenIn(name, trials, chosen(before), chosen(after));
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

/** What errors would come to with those of standstills that could not be measured again; empty without such. */
function withStandstills({ baseline, candidate }: ComparedStrategy): SeenClass[] {
  const [before, after] = [ofSide(baseline), ofSide(candidate)];
  const unrepeated = unrepeatedStandstills(after);
  const all = (trials: readonly ReadTrial[]) =>
    trials.filter((trial) => isTested('unanswered', trial)).concat(unrepeatedStandstills(trials));
  return errorClasses.flatMap((name) =>
    tallyOf(unrepeated, name).count > 0 ? [seenIn(name, 'with-standstills', all(before), all(after))] : [],
  );
}

const errorClasses: readonly ComparedClassName[] = [...answerClasses, ...classesTogether].filter(
  (name) => !isWrongAnswer(name),
);

/** Whether that is the code's doing is not known: it leaves the verdict open. */
const leftOpen = (judged: readonly ComparedClass[]): ComparedClass[] =>
  judged.flatMap((each) => (each.outcome === 'ok' ? [] : [{ ...each, outcome: 'inconclusive' }]));

/**
 * All classes of all strategies are judged as one family, and so is what standstills would make of them, for itself: it takes
 * nothing from what is tested.
 */
export function judgeAnswers(
  strategies: readonly ComparedStrategy[],
  names: Names,
  rule: Rule,
): ComparisonAnswers[] {
  const tested = judgedBy(strategies, seenOf, rule);
  const open = judgedBy(strategies, withStandstills, rule);
  return strategies.map((compared) => {
    const own = [...(tested.get(compared) ?? []), ...leftOpen(open.get(compared) ?? [])];
    return answersOf(compared, worstWitnesses(own), names);
  });
}

/** As one family. @returns what came of each strategy's own */
function judgedBy(
  strategies: readonly ComparedStrategy[],
  see: (compared: ComparedStrategy) => readonly SeenClass[],
  rule: Rule,
): ReadonlyMap<ComparedStrategy, readonly ComparedClass[]> {
  const asked = strategies.flatMap((compared) => see(compared).map((seen) => ({ compared, seen })));
  const judged = judgeClasses(
    asked.map(({ seen }) => seen),
    rule,
  );
  return new Map(
    strategies.map((compared) => [
      compared,
      judged.filter((_, index) => asked[index]?.compared === compared),
    ]),
  );
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
