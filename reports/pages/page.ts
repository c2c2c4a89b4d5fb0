/** What the pages of all designs have in common: title, line of setting, and the cases of a CI server. */
import { sumOf } from '../../record/common.ts';
import { nounFor } from '../../record/counted.ts';
import { withRemedy } from '../../record/sentence.ts';
import type { Ranking, StrategySummary } from '../../record/summary.ts';
import type { Said } from '../answers/answer.ts';
import { causesOf, losing, refusing } from '../checks/causes.ts';
import { strong } from '../document/build.ts';
import type { Case, Document, Section, Suite, Text } from '../document/document.ts';
import type { Facts } from '../facts/facts.ts';
import { errorsInWords } from '../words/errors.ts';
import { counted, formatClasses, plainNumber } from '../words/format.ts';

/** @param trials `12 blocks of`, `trials of` */
export function pageOf(facts: Facts, said: Said, trials: string, sections: readonly Section[]): Document {
  const { runId } = facts.run.record;
  const wrong = facts.strategies.some(
    ({ status, violations }) => status === 'failed' || sumOf(violations) > 0,
  );
  return {
    title: 'session-bench',
    subject: `run ${runId}`,
    answer: { text: said.answer, tone: wrong ? 'bad' : 'plain' },
    details: said.details,
    setting: settingLine(facts, trials),
    sections,
    suite: suiteOf(facts),
  };
}

function settingLine({ run: { record }, status }: Facts, trials: string): Text {
  const when = record.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
  const { scenario, plan, host, runtime } = record;
  return [
    `${scenario.name}: ${scenario.title} · ${trials} ${plainNumber(plan.measureSeconds)} ${nounFor(plan.measureSeconds, 'second')} · ${host.cores} cores, ${host.cpuModel} · ${runtime} · ${when}`,
    status === 'finished' ? '' : [' · ', strong(status)],
  ];
}

/**
 * A case for each strategy: one with a wrong answer, or too few answers, fails, one without a valid trial is an error, one that could not be
 * measured is skipped. Verdicts and errors that requests met are notes and fail nothing: strategies may differ, and how
 * many errors are too many is the reader's.
 */
function suiteOf(facts: Facts): Suite {
  const { run, rankings, verdicts, strategies } = facts;
  const { record } = run;
  const name = `session-bench ${record.scenario.name}`;
  return {
    name,
    startedAt: record.startedAt,
    properties: [
      ['run', record.runId],
      ...rankings.map((ranking) => [`ranking ${ranking.metric}`, rankingText(ranking)] as const),
    ],
    cases: strategies.map(
      (strategy): Case => ({
        group: name,
        name: strategy.name,
        seconds: strategy.trials.valid * record.plan.measureSeconds,
        outcome: outcomeOf(facts, strategy),
        notes:
          sumOf(strategy.errors) > 0
            ? [`Requests without a usable answer: ${errorsInWords(strategy.errors)}.`]
            : [],
      }),
    ),
    notes:
      verdicts.all.length === 0
        ? []
        : [
            ...verdicts.all
              .filter(({ verdict }) => verdict !== 'INCONCLUSIVE')
              .map(({ verdict, sentence }) => `${verdict}: ${sentence}`),
            `${verdicts.open.length} of ${counted(verdicts.all.length, 'comparison')} inconclusive`,
          ],
  };
}

/** `sticky a, redis ab, postgres b`: best first; strategies that share a letter are not told apart. */
const rankingText = ({ ranked }: Ranking): string =>
  ranked.map(({ strategy, letters }) => `${strategy} ${letters}`).join(', ');

function outcomeOf(
  facts: Facts,
  { name, status, violations, errors, reasons }: StrategySummary,
): Case['outcome'] {
  const told = reasons.map(({ code, message, remedy }) => `${code}: ${withRemedy(message, remedy)}`);
  const codes = [...((violations?.lost ?? 0) > 0 ? losing : []), ...(sumOf(errors) > 0 ? refusing : [])];
  const behind = causesOf(facts, name, codes).text.trim();
  const detail = [...told, ...(behind === '' ? [] : [behind])].join('\n');
  if (sumOf(violations) > 0)
    return {
      kind: 'failure',
      type: 'violation',
      message: `wrong answers: ${formatClasses(violations)}`,
      detail,
    };
  switch (status) {
    case 'valid':
      return { kind: 'passed' };
    case 'failed':
      return { kind: 'failure', type: 'failed', message: 'too many requests got no right answer', detail };
    case 'invalid':
      return { kind: 'error', type: 'invalid', message: 'no valid trial', detail };
    case 'not-measured':
      return { kind: 'skipped', message: `not measured: ${detail}` };
  }
}
