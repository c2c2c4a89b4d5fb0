/** Budgets and answers of both sides: what is worse, what is not, what stays open. */

import { type Errors, sumOf, type Violations } from '../../record/common.ts';
import type { Comparison, ComparisonAnswers, ComparisonResult, GateOutcome } from '../../record/gate.ts';
import { defaultRule, type Rule } from '../../record/rule.ts';
import { errorsOf, violationsOf } from '../facts/counts.ts';
import { inFewWords } from '../words/brief.ts';
import { counted, formatClasses, formatShare } from '../words/format.ts';
import type { Budget } from './budgets.ts';
import { decideGate } from './decide.ts';
import { applies, type ComparedStrategy, observations, overall, type Side } from './sides.ts';

export interface Names {
  readonly baseline: string;
  readonly candidate: string;
}

export interface Judgement {
  readonly results: ComparisonResult[];
  readonly answers: ComparisonAnswers[];
  readonly outcome: GateOutcome;
}

/** All strategies and budgets are judged as one family. */
export function judge(
  strategies: readonly ComparedStrategy[],
  budgets: readonly Budget[],
  names: Names,
  rule: Rule = defaultRule,
): Judgement {
  const asked = strategies.flatMap((compared) =>
    budgets.filter(({ metric }) => applies(metric, compared)).map(({ metric }) => ({ compared, metric })),
  );
  const inputs = asked.map(({ compared, metric }) => ({
    strategy: compared.strategy,
    metric,
    baseline: observations(compared.baseline, metric),
    candidate: observations(compared.candidate, metric),
  }));
  const gate = decideGate(inputs, budgets, names, rule);
  const results = gate.results.flatMap((result, index) => {
    const compared = asked[index]?.compared;
    if (!compared) return [];
    const values = {
      baseline: overall(compared.baseline, result.metric),
      candidate: overall(compared.candidate, result.metric),
    };
    return [{ ...result, values }];
  });
  const answers = strategies.map((compared) => answersOf(compared, names));
  const wrong = answers.some(({ outcome }) => outcome === 'regression');
  return { results, answers, outcome: wrong ? 'regression' : gate.outcome };
}

/** Below this share, requests without a usable answer are accidents of a machine and not of the code. */
const ERROR_SHARE = 0.001;
/** How much more of them than before is more than an accident. */
const ERROR_FACTOR = 2;

function answersOf({ strategy, baseline, candidate }: ComparedStrategy, names: Names): ComparisonAnswers {
  const before = sideAnswers(baseline);
  const after = sideAnswers(candidate);
  const worse = worseAnswers(before, after);
  return {
    strategy,
    outcome: worse === null ? 'ok' : 'regression',
    message: `${strategy}: ${worse === null ? rightAnswers(after, names) : `${names.candidate} ${worse} (${names.baseline}: ${tally(before)})`}`,
    baseline: before,
    candidate: after,
  };
}

type SideAnswers = ComparisonAnswers['baseline'];

function sideAnswers({ run, name }: Side): SideAnswers {
  const trials = run.trials.filter(({ strategy }) => strategy === name);
  const requests = trials.reduce(
    (sum, trial) => sum + ('record' in trial ? (trial.record?.requests.generator ?? 0) : 0),
    0,
  );
  return { requests, violations: violationsOf(trials), errors: errorsOf(trials) };
}

const share = ({ errors, requests }: SideAnswers): number => (requests > 0 ? sumOf(errors) / requests : 0);

/** What the candidate does that the baseline does not; null when it answers no worse. */
function worseAnswers(before: SideAnswers, after: SideAnswers): string | null {
  if (sumOf(after.violations) > 0 && sumOf(before.violations) === 0)
    return `gives wrong answers: ${formatClasses(after.violations)}`;
  if (share(after) > ERROR_SHARE && share(after) > ERROR_FACTOR * share(before))
    return `leaves ${formatShare(share(after))} of the requests without a usable answer: ${formatClasses(after.errors)}`;
  return null;
}

function tally({ violations, errors }: { violations: Violations; errors: Errors }): string {
  const all = { ...violations, ...errors };
  return sumOf(all) === 0 ? 'none' : formatClasses(all);
}

function rightAnswers({ requests, violations }: SideAnswers, { candidate }: Names): string {
  if (requests === 0) return `no answer of ${candidate} was seen`;
  return sumOf(violations) === 0
    ? `every answer of ${candidate} was right`
    : `${candidate} gives wrong answers, as before: ${formatClasses(violations)}`;
}

/** The first sentence. */
export function answerOf(
  { results, answers, outcome }: Judgement,
  names: Names,
  causes: readonly string[],
): Comparison['answer'] {
  const messages = [
    ...answers.filter((each) => each.outcome === outcome).map(({ message }) => message),
    ...results.filter((each) => each.outcome === outcome).map(({ message }) => message),
  ];
  const [first, ...others] = outcome === 'invalid' && causes.length > 0 ? causes : messages;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  const said = (word: string, otherwise: string): string =>
    inFewWords(`${word}: ${first ?? otherwise}${more}.`, `${word}: ${otherwise}; see below.`);
  switch (outcome) {
    case 'regression':
      return said('Regression', `${counted(messages.length, 'result')} worse than before`);
    case 'invalid':
      return said('No verdict', 'not everything was measured on both sides');
    case 'inconclusive':
      return said('Inconclusive', `${counted(messages.length, 'budget')} open`);
    case 'ok': {
      const better = results.find(({ improved }) => improved);
      if (better)
        return inFewWords(`No regression, and ${better.message}.`, 'No regression, and some is better.');
      return `No regression: ${names.candidate} ${results.length === 1 ? 'stays within the budget' : `stays within all ${results.length} budgets`} against ${names.baseline}.`;
    }
  }
}
