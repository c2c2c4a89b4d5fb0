/** What single trials were found guilty of, gathered: trials of one strategy with the same reason are one finding. */
import { nounFor } from '../../record/counted.ts';
import { disturbanceOf } from '../../record/noise.ts';
import type { Finding, Reason } from '../../record/reasons.ts';
import { asSentenceEnd } from '../../record/sentence.ts';
import type { TrialSummary } from '../../record/summary.ts';
import { type Facts, titleOf } from '../facts/facts.ts';
import { counted, formatCount } from '../words/format.ts';
import { isToldBeside } from './causes.ts';
import type { Check } from './check.ts';

/** Trials that stand behind no number. */
export const leftOut: Check = (facts) =>
  groupsOf(
    facts,
    (trial) =>
      trial.status === 'unfinished' || (trial.status === 'invalid' && !isToldOfMachine(facts, trial.reasons)),
    ({ strategy, reasons }) => withoutTold(facts, strategy, reasons),
  ).map((group, at, all) => {
    const isAgain = all.slice(0, at).some((earlier) => areOfSameTrials(earlier, group));
    const what = isAgain ? 'of the same trials' : `${countOf(group)} left out (${numbersOf(group)})`;
    return findingOf(group, 'warning', `${group.title}: ${what}`);
  });

/** Trials that the machine alone disturbed are told with who was loud: those of blocks that were lost, and those measured again. */
const isToldOfMachine = ({ design, run }: Facts, reasons: readonly Reason[]): boolean =>
  design.kind === 'blocks' &&
  run.record.patience !== null &&
  disturbanceOf({ status: 'invalid', reasons }) === 'machine';

/** Without causes that stand beside what was lost or refused already; a trial keeps one reason at least. */
function withoutTold(facts: Facts, strategy: string, reasons: readonly Reason[]): readonly Reason[] {
  const left = reasons.filter(({ code }) => !isToldBeside(facts, strategy, code));
  return left.length > 0 ? left : reasons;
}

const areOfSameTrials = (one: Group, other: Group): boolean =>
  one.title === other.title && one.numbers.join() === other.numbers.join();

/** What is to be known of trials that are valid all the same. */
export const warnings: Check = (facts) =>
  groupsOf(
    facts,
    ({ status }) => status === 'valid',
    ({ strategy, warnings: told }) => told.filter(({ code }) => !isToldBeside(facts, strategy, code)),
  ).map((group) => findingOf(group, 'note', `${group.title}, ${countOf(group)} (${numbersOf(group)})`));

interface Group {
  readonly title: string;
  /** One for each trial. */
  readonly reasons: readonly [Reason, ...Reason[]];
  readonly numbers: readonly number[];
  /** Trials of the strategy in all. */
  readonly of: number;
}

function groupsOf(
  facts: Facts,
  which: (trial: TrialSummary) => boolean,
  reasonsOf: (trial: TrialSummary) => readonly Reason[],
): Group[] {
  const all = facts.trials
    .filter(which)
    .flatMap((trial) => reasonsOf(trial).map((reason) => ({ trial, reason })));
  const groups = Map.groupBy(all, ({ trial, reason }) => `${trial.strategy} ${reason.code}`);
  return [...groups.values()].flatMap((group): Group[] => {
    const [first, ...others] = group;
    if (!first) return [];
    const { strategy } = first.trial;
    return [
      {
        title: titleOf(facts, strategy),
        reasons: [first.reason, ...others.map(({ reason }) => reason)],
        // Two servers that died in one trial are two reasons, and one trial.
        numbers: [...new Set(group.map(({ trial }) => trial.number))],
        of: facts.trials.filter((trial) => trial.strategy === strategy).length,
      },
    ];
  });
}

/** Where a later trial gives the reason in other words, with other numbers most likely, the first stands for all. */
function findingOf({ reasons }: Group, severity: Finding['severity'], start: string): Finding {
  const [first] = reasons;
  const differs = reasons.some(({ message }) => message !== first.message);
  const message = `${start}: ${differs ? 'the first of them: ' : ''}${asSentenceEnd(first.message)}`;
  return { severity, code: first.code, message, remedy: first.remedy };
}

const countOf = ({ numbers, of }: Group): string =>
  `${formatCount(numbers.length)} of ${counted(of, 'trial')}`;

const numbersOf = ({ numbers }: Group): string =>
  `${nounFor(numbers.length, 'trial')} ${numbers.slice(0, 6).join(', ')}${numbers.length > 6 ? ', …' : ''}`;
