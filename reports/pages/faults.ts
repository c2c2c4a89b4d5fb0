/** The page of a run of faults. */
import type { FaultResult } from '../../record/faults.ts';
import type { Finding } from '../../record/reasons.ts';
import type { Said } from '../answers/answer.ts';
import type { Case, Document, Suite } from '../document/document.ts';
import { type FaultFacts, titleOf } from '../facts/facts.ts';
import { isWorse } from '../facts/fault-verdicts.ts';
import { expectedWords, failedWords } from '../words/faults.ts';
import { counted, listed, perSecond } from '../words/format.ts';
import { pageOf } from './page.ts';
import { affinityAroundPart } from './parts/affinity.ts';
import { breakingPart, courseParts, whatWasDonePart } from './parts/faults.ts';
import { findingsPart } from './parts/findings.ts';
import { benchAgain, settingPart } from './parts/setting.ts';
import { trialsPart } from './parts/trials.ts';
import { weaknessesPart } from './parts/weaknesses.ts';
import { viewOf } from './view.ts';

export function faultsPage(facts: FaultFacts, said: Said, found: readonly Finding[]): Document {
  const view = viewOf(facts);
  const { design, run } = facts;
  const document = pageOf(facts, said, `${counted(design.faults.length, 'fault')}, trials of up to`, [
    findingsPart(found),
    ...breakingPart(view),
    weaknessesPart(view),
    ...affinityAroundPart(view),
    ...courseParts(view),
    whatWasDonePart(view),
    settingPart(view, {
      plan: `${counted(design.faults.length, 'fault')}, each once to each strategy that can have it`,
      terms: [
        ['Offered rate', `${perSecond(design.rate.value, 'operation')}. ${design.rate.explanation}`],
        [
          'Trials',
          'each on servers that were started for it; steady load before, during and after the fault, then a read of every session',
        ],
      ],
      repeat: benchAgain(run.record, [
        ...['--faults', design.faults.map(({ name }) => name).join(',')],
        ...['--rate', String(design.rate.value)],
      ]),
    }),
    trialsPart(view),
  ]);
  const tone = design.results.some(isWorse) ? 'bad' : 'plain';
  return { ...document, answer: { ...document.answer, tone }, suite: suiteOf(facts, document.suite) };
}

/** A case for each strategy and fault: what was to be expected passes, also where sessions are lost. */
const suiteOf = (facts: FaultFacts, { startedAt, properties }: Suite): Suite => {
  const name = `session-bench ${facts.run.record.scenario.name} faults`;
  return {
    name,
    startedAt,
    properties,
    cases: facts.design.results.map((result): Case => {
      const fault = facts.design.faults.find((each) => each.name === result.fault);
      return {
        group: `${name} ${result.fault}`,
        name: result.strategy,
        seconds: result.trial === null ? 0 : (fault?.measureSeconds ?? 0),
        outcome: outcomeOf(facts, result),
        notes: [
          `On paper: ${expectedWords(result.expected)}. Seen: ${result.survival}${result.why.length > 0 ? `, ${listed(result.why)}` : ''}.`,
          `Failed requests: ${failedWords(result.failed)}.`,
        ],
      };
    }),
    notes: [],
  };
};

function outcomeOf(facts: FaultFacts, result: FaultResult): Case['outcome'] {
  const told = result.why.join('; ');
  if (isWorse(result))
    return {
      kind: 'failure',
      type: 'worse-than-expected',
      message: `${titleOf(facts, result.strategy)} ${told}`,
      detail: `On paper it ${expectedWords(result.expected)}.`,
    };
  const strategy = facts.strategies.find(({ name }) => name === result.strategy);
  if (strategy?.status === 'not-measured') return { kind: 'skipped', message: `not measured: ${told}` };
  if (result.survival === 'unknown')
    return { kind: 'error', type: 'unknown', message: 'no valid trial', detail: told };
  return { kind: 'passed' };
}
