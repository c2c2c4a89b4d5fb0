/** What is said of a strategy's answers. */
import { type ComparedClassName, isTogether, isWrongAnswer } from '../../record/common.ts';
import { nounFor } from '../../record/counted.ts';
import type { ComparedClass, ComparisonAnswers } from '../../record/gate.ts';
import { counted, formatCount, listed } from '../words/format.ts';
import type { Untested } from './cut-off.ts';
import type { Names } from './outcome.ts';

/** `400 timed out`: errors by what befell the request, wrong answers by the name of their class. */
export const classWords: Readonly<Record<ComparedClassName, string>> = {
  lost: 'lost',
  stale: 'stale',
  resurrected: 'resurrected',
  crossed: 'crossed',
  timeout: 'timed out',
  connection: 'cut off',
  server: 'failed with 5xx',
  protocol: 'against the protocol',
  wrong: 'wrong in all',
  unanswered: 'without a usable answer in all',
};

/** The gravest of what was seen, as a sentence without full stop. */
export function answersMessage(seen: SeenAnswers, names: Names): string {
  return [gravestOf(seen, names), ...seen.untested.map(untestedWords)].join('; besides, ');
}

interface SeenAnswers extends Pick<ComparisonAnswers, 'outcome' | 'candidate' | 'classes'> {
  /** Of the candidate. */
  readonly untested: readonly Untested[];
}

/** They are in no test, and must not be taken for answers. */
function untestedWords({ why, requests, trials }: Untested): string {
  const befell =
    why === 'cut off'
      ? `that ${nounFor(trials, 'was', 'were')} cut off from outside`
      : 'in which the machine stood still with both sides';
  return `${counted(requests, 'request')} failed in ${counted(trials, 'trial')} ${befell}, which tells nothing of the code`;
}

function gravestOf({ outcome, candidate, classes, untested }: SeenAnswers, names: Names): string {
  if (candidate.requests === 0) return `no answer of ${names.candidate} was seen`;
  const asGrave = classes.filter((each) => each.outcome === outcome && each.candidate.count > 0);
  const single = asGrave.filter((each) => !isTogether(each.class));
  // Together they are told where no class for itself is as grave.
  const gravest = single.length > 0 ? single : asGrave;
  if (gravest.length === 0)
    return candidate.answered === 0
      ? `no request to ${names.candidate} got a usable answer`
      : `every ${untested.length > 0 ? 'other ' : ''}answer of ${names.candidate} was right${soFar(classes, names)}`;
  const groups = Map.groupBy(gravest, (each) => whatOf(each, names));
  const parts = [...groups].map(([what, all]) => `${what}: ${countsOf(all, names)}`);
  return `${names.candidate} ${parts.join('; and ')}`;
}

/** What the baseline alone had. */
const soFar = (classes: readonly ComparedClass[], { baseline }: Names): string =>
  classes.length === 0
    ? ''
    : ` (${baseline}: ${classes
        .filter((each) => !isTogether(each.class))
        .map((each) => tallied(each, 'baseline'))
        .join(', ')})`;

function whatOf({ class: name, outcome, baseline, candidate, trials }: ComparedClass, names: Names): string {
  const fails = isWrongAnswer(name) ? 'gives wrong answers' : 'leaves requests without a usable answer';
  const among = trials === 'valid' ? ' in valid trials' : '';
  switch (outcome) {
    case 'regression':
      return baseline.count === 0 ? `${fails}${among}` : `${fails} more often${among}`;
    case 'invalid':
      return `${fails}, and whether that is new cannot be told${among}`;
    case 'inconclusive':
      if (trials === 'with-standstills')
        return `${fails} more often where the machine stood still with both sides, which could not be measured again`;
      return candidate.trials === 1 && !isWrongAnswer(name)
        ? `${fails} more often in a single trial, which the machine may have done`
        : `likely ${fails} more often${among}, which is not sure`;
    case 'ok':
      return `${fails}, ${isMore(baseline, candidate) ? 'not surely' : 'no'} more often than ${names.baseline}`;
  }
}

const isMore = (a: ComparedClass['baseline'], b: ComparedClass['baseline']): boolean =>
  b.count * a.exposure > a.count * b.exposure;

/** `400 lost of 4,850 (main: 1 of 4,850)`. */
const countsOf = (classes: readonly ComparedClass[], { baseline }: Names): string =>
  `${listed(classes.map((each) => tallied(each, 'candidate')))} (${baseline}: ${listed(classes.map((each) => ofExposure(each.baseline)))})`;

const tallied = (each: ComparedClass, side: 'baseline' | 'candidate'): string =>
  `${formatCount(each[side].count)} ${classWords[each.class]} of ${formatCount(each[side].exposure)}`;

export const ofExposure = ({ count, exposure }: ComparedClass['baseline']): string =>
  `${count === 0 ? 'none' : formatCount(count)} of ${formatCount(exposure)}`;
