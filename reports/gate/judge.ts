/** Budgets and answers of both sides: what is worse, what is not, what stays open. */

import { sumOf } from '../../record/common.ts';
import type { Comparison, ComparisonAnswers, ComparisonResult, GateOutcome } from '../../record/gate.ts';
import { headlineOf } from '../../record/log-lines.ts';
import type { Metric } from '../../record/metrics.ts';
import { defaultRule, type Rule } from '../../record/rule.ts';
import { answersOf as answersBy } from '../facts/comparisons.ts';
import { inFewWords } from '../words/brief.ts';
import { counted, lowerFirst } from '../words/format.ts';
import { judgeAnswers } from './answers.ts';
import type { Budget } from './budgets.ts';
import { decideGate, type GateSide } from './decide.ts';
import { bothAnswer, losesNoMore } from './failed.ts';
import { type Names, worstOutcome } from './outcome.ts';
import { applies, type ComparedStrategy, observations, overall, type Side } from './sides.ts';

export interface Judgement {
  readonly results: ComparisonResult[];
  readonly answers: ComparisonAnswers[];
  readonly outcome: GateOutcome;
}

/** All strategies and budgets are judged as one family, and so are all classes of answers. */
export function judge(
  strategies: readonly ComparedStrategy[],
  budgets: readonly Budget[],
  names: Names,
  rule: Rule = defaultRule,
): Judgement {
  const sound = strategies.filter(bothAnswer);
  const asked = sound.flatMap((compared) =>
    budgets.filter(({ metric }) => applies(metric, compared)).map(({ metric }) => ({ compared, metric })),
  );
  const inputs = asked.map(({ compared, metric }) => ({
    strategy: compared.strategy,
    metric,
    baseline: sideOf(compared.baseline, metric),
    candidate: sideOf(compared.candidate, metric),
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
  const answers = judgeAnswers(strategies, names, rule);
  const failed: readonly GateOutcome[] = strategies.every((each) => bothAnswer(each) && losesNoMore(each))
    ? []
    : ['invalid'];
  const outcome = worstOutcome([gate.outcome, ...failed, ...answers.map((each) => each.outcome)]);
  return { results, answers, outcome };
}

const sideOf = (side: Side, metric: Metric): GateSide => ({
  trials: observations(side, metric),
  answers: answersBy(side.run, side.name, metric),
});

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

const SAME_CODE = 'Both sides run the same code.';

/** The first sentence. */
export function answerOf(
  { results, answers, outcome }: Judgement,
  names: Names,
  causes: readonly string[],
  sameCode: boolean,
): Comparison['answer'] {
  const messages = [
    ...answers.filter((each) => each.outcome === outcome).map(({ message }) => message),
    ...results.filter((each) => each.outcome === outcome).map(({ message }) => message),
  ];
  // The log of a server is in the finding.
  const isCaused = outcome === 'invalid' && causes.length > 0;
  const told = isCaused ? causes.map(headlineOf) : messages;
  const [first, ...others] = told.map(withoutStop);
  const noun = isCaused ? 'other cause' : 'other result';
  const more = others.length > 0 ? `, and ${counted(others.length, noun)}` : '';
  const noChange = sameCode ? ` ${SAME_CODE}` : '';
  const said = (word: string, otherwise: string): string =>
    inFewWords(
      `${word}: ${first ?? otherwise}${more}.${noChange}`,
      `${word}: ${otherwise}; see below.${noChange}`,
    );
  switch (outcome) {
    case 'regression':
      return said('Regression', `${counted(messages.length, 'result')} worse than before`);
    case 'invalid':
      return said('No verdict', 'not everything was measured on both sides');
    case 'inconclusive':
      return said('Inconclusive', `${counted(messages.length, 'result')} open`);
    case 'ok': {
      const wrong = answers.find(({ candidate }) => sumOf(candidate.violations) > 0);
      if (wrong)
        return inFewWords(
          `No regression, but ${wrong.message}.${noChange}`,
          `No regression, but wrong answers as before; see below.${noChange}`,
        );
      if (sameCode) return `No regression, and no change to judge: ${lowerFirst(SAME_CODE)}`;
      const better = results.find(({ improved }) => improved);
      if (better)
        return inFewWords(`No regression, and ${better.message}.`, 'No regression, and some is better.');
      return `No regression: ${names.candidate} ${results.length === 1 ? 'stays within the budget' : `stays within all ${results.length} budgets`} against ${names.baseline}.`;
    }
  }
}
