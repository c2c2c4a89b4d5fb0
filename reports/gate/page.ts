/** A comparison as a document: the answer, a row for each budget, one for each class of wrong answers, and what to know. */
import type { Comparison } from '../../record/gate.ts';
import { findings, hint, numbers, section, table, words } from '../document/build.ts';
import type { Answer, Block, Case, Document, Mark, Suite } from '../document/document.ts';
import { orAbsent } from '../words/format.ts';
import { metricTitle } from '../words/metric.ts';
import { classWords, ofExposure } from './answer-words.ts';
import { isSameCode } from './same-code.ts';
import {
  formatBudget,
  formatChange,
  formatSeen,
  formatValue,
  outcomeWords,
  settingOf,
  verdictWords,
} from './words.ts';

export function comparisonPage(comparison: Comparison): Document {
  const { answer, outcome, answers } = comparison;
  return {
    title: 'session-bench: comparison',
    subject: '',
    answer: {
      text: answer,
      tone: outcome === 'ok' && isSameCode(comparison.findings) ? 'open' : tones[outcome],
    },
    details: answers.map(({ message }) => `${message}.`),
    setting: settingOf(comparison),
    sections: [
      section('budgets', 'Budgets', 'everywhere', ...budgets(comparison)),
      section('answers', 'Wrong answers and errors', 'everywhere', ...classes(comparison)),
      section('findings', 'Read this first', 'everywhere', findings(comparison.findings)),
    ],
    suite: suiteOf(comparison),
  };
}

const tones: Readonly<Record<Comparison['outcome'], Answer['tone']>> = {
  ok: 'good',
  regression: 'bad',
  inconclusive: 'open',
  invalid: 'void',
};

const signs: Readonly<Record<Comparison['outcome'], string>> = {
  ok: '✅',
  regression: '🛑',
  inconclusive: '❔',
  invalid: '⚠️',
};

const markOf = ({ outcome }: Pick<Comparison, 'outcome'>): Mark => ({
  kind: 'mark',
  look: { colour: 'var(--fg)', shape: 'block', hollow: false, dash: [] },
  sign: signs[outcome],
});

function budgets({ results, baseline, candidate, rule }: Comparison): Block[] {
  if (results.length === 0) return [];
  const level = `${rule.confidence * 100} %`;
  const columns = [
    words('Strategy'),
    words('Metric'),
    words('Verdict'),
    numbers(baseline.label, { short: 'Before' }),
    numbers(candidate.label, { short: 'After' }),
    numbers('Change', { short: `Change (${level})` }),
    numbers('Budget'),
    numbers('Could see'),
  ];
  const rows = results.map((result) => [
    result.strategy,
    metricTitle(result.metric),
    [markOf(result), verdictWords(result)],
    formatValue(result.metric, result.values.baseline),
    formatValue(result.metric, result.values.candidate),
    formatChange(result),
    formatBudget(result.budget),
    formatSeen(result),
  ]);
  return [
    table('Budgets and what was measured', columns, rows),
    hint(
      `Change: ratio of paired trials (Hodges–Lehmann) with its ${level} interval. “Could see” is the smallest change that this run would have found with a chance of ${rule.power * 100} %. Method: docs/method.md.`,
    ),
  ];
}

/** A row for each class that a side has shown. */
function classes({ answers, baseline, candidate, rule }: Comparison): Block[] {
  const seen = answers.flatMap(({ strategy, classes: all }) => all.map((each) => ({ strategy, ...each })));
  if (seen.length === 0) return [];
  const columns = [
    words('Strategy'),
    words('Class'),
    words('Verdict'),
    numbers(baseline.label, { short: 'Before' }),
    numbers(candidate.label, { short: 'After' }),
    numbers('Chance'),
  ];
  const rows = seen.map((each) => [
    each.strategy,
    `${classWords[each.class]}${each.trials === 'valid' ? ', in valid trials' : ''}`,
    [markOf(each), outcomeWords[each.outcome]],
    ofExposure(each.baseline),
    ofExposure(each.candidate),
    orAbsent(each.p, formatChance),
  ]);
  return [
    table('Wrong answers and errors of both sides', columns, rows),
    hint(
      `Each count stands beside the requests that could have shown it. A class of wrong answers not seen before is a regression; else the exact test of two counts decides, at ${rule.level * 100} % over all classes. “Chance” is that of so many or more if both sides were alike. Method: docs/gate-outcomes.md.`,
    ),
  ];
}

const formatChance = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toPrecision(2));

/**
 * A regression fails, what could not be judged is an error, and what stayed open is skipped: whether that fails the job
 * is said by the exit code. A comparison that judged nothing at all is one error.
 */
function suiteOf({
  results,
  answers,
  answer,
  outcome: ofAll,
  scenario,
  baseline,
  candidate,
  findings: found,
}: Comparison): Suite {
  const cases = [
    ...results.map(({ strategy, metric, budget, outcome, message }) =>
      caseOf(strategy, `${metricTitle(metric)} within ${formatBudget(budget)}`, outcome, message),
    ),
    ...answers.map(({ strategy, outcome, message }) => caseOf(strategy, 'answers', outcome, message)),
  ];
  // A side that failed, or lost its trials, leaves no case of its own.
  const isTold = ofAll !== 'invalid' || cases.some(({ outcome: { kind } }) => kind === 'error');
  return {
    name: `session-bench compare ${scenario}`,
    startedAt: candidate.startedAt,
    properties: [
      ['baseline', baseline.label],
      ['candidate', candidate.label],
    ],
    cases: cases.length > 0 && isTold ? cases : [...cases, caseOf('all', 'comparison', 'invalid', answer)],
    notes: found
      .filter(({ code }) => code === 'same-code' || code === 'budgets-differ')
      .map(({ message }) => message),
  };
}

function caseOf(group: string, name: string, outcome: Comparison['outcome'], message: string): Case {
  const shared = { group, name, seconds: 0 };
  switch (outcome) {
    case 'ok':
      return { ...shared, outcome: { kind: 'passed' }, notes: [message] };
    case 'regression':
      return { ...shared, outcome: { kind: 'failure', type: 'regression', message, detail: '' }, notes: [] };
    case 'invalid':
      return { ...shared, outcome: { kind: 'error', type: 'invalid', message, detail: '' }, notes: [] };
    case 'inconclusive':
      return { ...shared, outcome: { kind: 'skipped', message }, notes: [] };
  }
}
