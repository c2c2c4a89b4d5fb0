/** What a strategy is weak in: what this run saw, and of what it did not look at, what is known on paper. */
import { commandFor } from '../../advice/evidence/commands.ts';
import { sumOf } from '../../record/common.ts';
import { strategyBehind } from '../../record/deployed-as.ts';
import type { FaultResult, PlannedFault } from '../../record/faults.ts';
import type { OnPaper } from '../../record/on-paper.ts';
import type { ReadRun } from '../../record/read/run.ts';
import type { StrategySummary } from '../../record/summary.ts';
import { longestShort, type Weakness } from '../../record/weakness.ts';
import { counted, formatClasses, formatCount, formatShare, listed } from '../words/format.ts';
import { outlived } from './outlived.ts';

/** A strategy without its weaknesses. */
type Seen = Pick<StrategySummary, 'name' | 'status' | 'reasons' | 'violations' | 'concurrency'>;

/** The faults of a run and what came of them. */
export interface Tried {
  readonly faults: readonly PlannedFault[];
  readonly results: readonly FaultResult[];
}

export const nothingTried: Tried = { faults: [], results: [] };

/** What was measured first, the gravest before. */
export function weaknessesOf({ record }: ReadRun, seen: Seen, tried: Tried): Weakness[] {
  const { name } = seen;
  const own = tried.results.filter(({ strategy }) => strategy === name);
  const known = own.filter(({ survival }) => survival !== 'unknown');
  const harmed = harms(own, tried.faults);
  const paper = record.strategies.find((each) => each.name === name)?.onPaper ?? null;
  return [
    ...failing(seen),
    // What faults did is told by fault.
    ...(harmed.length === 0 ? wrongAnswers(seen) : []),
    ...racing(seen),
    ...harmed,
    ...(paper === null ? [] : onPaperAlone(paper, seen, typed(record, name), endingsOf(known, tried.faults))),
  ];
}

/** As a command takes it: both sides of a comparison are one strategy, and so it is with any number of apps. */
function typed({ design }: ReadRun['record'], name: string): string {
  if (design.kind !== 'sides') return strategyBehind({ design }, name);
  return design.pairs.find((pair) => pair.baseline === name || pair.candidate === name)?.strategy ?? name;
}

const measured = (code: Weakness['code'], short: string, text: string): Weakness => ({
  code,
  short: clipped(short),
  text,
  basis: { kind: 'measured' },
});

const clipped = (text: string): string =>
  text.length <= longestShort ? text : `${text.slice(0, longestShort - 1).toWellFormed()}…`;

const failing = ({ status, reasons }: Seen): Weakness[] =>
  status === 'failed'
    ? [
        measured(
          'failing',
          'too few right answers',
          reasons.find(({ code }) => code === 'strategy-failed')?.message ??
            'too many requests got no right answer',
        ),
      ]
    : [];

function wrongAnswers({ violations }: Seen): Weakness[] {
  const sum = sumOf(violations);
  if (sum === 0) return [];
  return [
    measured(
      'wrong-answers',
      counted(sum, 'wrong answer'),
      `${counted(sum, 'answer')} wrong: ${formatClasses(violations)}`,
    ),
  ];
}

/** Of pages that send several requests of one session at once. */
function racing({ concurrency }: Seen): Weakness[] {
  if (concurrency === null) return [];
  const { writes, lostUpdates, logouts, undoneLogouts, logins, survivedLogins } = concurrency;
  const undone = `${formatCount(undoneLogouts)} of ${counted(logouts, 'logout')}`;
  return [
    ...(undoneLogouts > 0
      ? [measured('undone-logouts', `${undone} undone`, `${undone} that raced with a write undone`)]
      : []),
    ...(survivedLogins > 0
      ? [
          measured(
            'survived-logins',
            `${counted(survivedLogins, 'old session')} kept`,
            `the old session was there after ${formatCount(survivedLogins)} of ${counted(logins, 'pair')} of logins at once`,
          ),
        ]
      : []),
    ...(lostUpdates > 0
      ? [
          measured(
            'lost-updates',
            `${formatShare(lostUpdates / writes)} of writes at once lost`,
            `${formatCount(lostUpdates)} of ${counted(writes, 'write')} lost to another write of the same page`,
          ),
        ]
      : []),
  ];
}

/** Of one strategy. */
export const harms = (own: readonly FaultResult[], faults: readonly PlannedFault[]): Weakness[] =>
  own
    .filter(({ survival }) => survival === 'harmed')
    .map(({ fault, why }) => {
      const title = faults.find(({ name }) => name === fault)?.title ?? fault;
      return measured('harmed', `${title}: ${why[0] ?? 'harmed'}`, `${title}: ${listed(why)}`);
    });

/** What the faults of these results end. */
export const endingsOf = (
  results: readonly FaultResult[],
  faults: readonly PlannedFault[],
): ReadonlySet<PlannedFault['ending']> =>
  new Set(
    faults.filter(({ name }) => results.some(({ fault }) => fault === name)).map(({ ending }) => ending),
  );

/**
 * @param strategy as a command takes it
 * @param seen endings that are left out, since what they cost is told elsewhere
 */
export function onPaperAlone(
  paper: OnPaper,
  { concurrency }: Pick<Seen, 'concurrency'>,
  strategy: string,
  seen: ReadonlySet<PlannedFault['ending']>,
): Weakness[] {
  const { traits } = paper;
  return [
    ...outlived(paper, seen, commandFor(strategy, '--faults')),
    ...(traits?.writes === 'session' && concurrency === null
      ? [
          {
            code: 'lost-updates',
            short: 'lost updates',
            text: 'of two writes of one session at once one may be lost, since a write sends the whole session',
            basis: { kind: 'on-paper', command: commandFor(strategy, '--scenario page') },
          } as const,
        ]
      : []),
    ...(traits !== null && traits.endsAllOfAUser === null
      ? [
          {
            code: 'cannot-end-a-user',
            short: 'cannot end all sessions of a user',
            text: 'there is no way to end all sessions of a user',
            basis: { kind: 'on-paper', command: `npm run verify -- --strategy ${strategy}` },
          } as const,
        ]
      : []),
  ];
}
