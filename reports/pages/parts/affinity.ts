/** The affinity's price: how much busier the busiest app is than the mean, while all is well and after an app has come back. */
import type { FaultResult } from '../../../record/faults.ts';
import { validTrialsOf } from '../../../record/read/trials.ts';
import type { Balance, BalanceAround } from '../../../record/scaling.ts';
import { type Field, hint, numbers, only, paragraph, section, tableOf, words } from '../../document/build.ts';
import type { Section } from '../../document/document.ts';
import { idleShare } from '../../facts/balance.ts';
import type { FaultFacts } from '../../facts/facts.ts';
import { absent, formatCount, formatShare, orAbsent, upperFirst } from '../../words/format.ts';
import { busiestWords } from '../../words/scaling.ts';
import { type StrategyView, shownAs, type View } from '../view.ts';

const heading = "The affinity's price";

const explained =
  'requests of the busiest app over those of an app in the mean, as the apps counted them: 1.00 where all had the same. Where clients stay with their app, the apps are as uneven as their users are.';

interface Row extends StrategyView {
  readonly balance: Balance;
}

/** Nothing where no app told its counts. */
export function affinityPart({ facts, measured }: View): Section[] {
  const rows = measured.flatMap((strategy): Row[] => {
    const { balance } = strategy.summary;
    return balance ? [{ ...strategy, balance }] : [];
  });
  if (rows.length === 0) return [];
  const { scenario } = facts.run.record;
  return [
    section(
      'affinity',
      heading,
      'documents',
      paragraph(
        `${upperFirst(explained)} Users of this run are picked by Zipf's law with exponent ${scenario.zipfExponent}.`,
      ),
      tableOf('How evenly the apps were loaded', rows, fields),
      hint(
        'Mean over valid trials, each with users and apps drawn anew, and its 95 % interval (Student). Idle: what the other apps could still do, as a share of all, when the busiest is full. Users that differ more: --scenario skewed. After an app was drained or came back: --faults rolling-deploy,app-kill.',
      ),
    ),
  ];
}

const fields: readonly Field<Row>[] = [
  [words('Strategy'), ({ shown }) => shown],
  [numbers('Apps'), ({ balance }) => formatCount(balance.apps)],
  [numbers('Busiest app over mean'), ({ balance }) => busiestWords(balance.busiestOverMean)],
  [
    numbers('95 % interval'),
    ({ balance: { interval } }) =>
      interval === null ? absent : `${busiestWords(interval.low)}–${busiestWords(interval.high)}`,
  ],
  [numbers('Most in a trial'), ({ balance }) => busiestWords(balance.most)],
  [numbers('Idle'), ({ balance }) => formatShare(idleShare(balance.busiestOverMean))],
  [numbers('Trials'), ({ balance }) => formatCount(balance.trials)],
];

interface AroundRow {
  readonly result: FaultResult;
  readonly balance: BalanceAround;
}

/** Of faults that were done to apps; nothing where there were none. */
export function affinityAroundPart(view: View<FaultFacts>): Section[] {
  const { design } = view.facts;
  const title = (name: string): string => design.faults.find((each) => each.name === name)?.title ?? name;
  const rows = design.results.flatMap((result): AroundRow[] =>
    result.balance !== null && wasDoneToApps(view, result) ? [{ result, balance: result.balance }] : [],
  );
  if (rows.length === 0) return [];
  return [
    section(
      'affinity',
      heading,
      'everywhere',
      only(
        'documents',
        paragraph(
          `Before an app was ended, and after all were ready again: ${explained} An app that comes back holds no session, as one that is added.`,
        ),
      ),
      tableOf('How evenly the apps were loaded before a fault and after it', rows, [
        [words('Strategy'), ({ result }) => shownAs(view, result.strategy)],
        [words('Fault'), ({ result }) => title(result.fault)],
        [
          numbers('Busiest app over mean, before', { short: 'before' }),
          ({ balance }) => orAbsent(balance.before, busiestWords),
        ],
        [numbers('After', { short: 'after' }), ({ balance }) => orAbsent(balance.after, busiestWords)],
        [
          numbers('Idle, after', { reach: 'documents' }),
          ({ balance }) => orAbsent(balance.after, (ratio) => formatShare(idleShare(ratio))),
        ],
      ]),
      only(
        'documents',
        hint(
          'Counted in one trial each, so that they are exact for it and say nothing of how trials differ. After: from the moment at which every server was ready again to the end of the load; a longer load, in which users come and go, evens it out. Idle: what the other apps could still do, as a share of all, when the busiest is full.',
        ),
      ),
    ),
  ];
}

/** Names of servers are those of their services, with a number. */
const isApp = (server: string): boolean => /^app-\d+$/.test(server);

const wasDoneToApps = ({ facts }: View<FaultFacts>, { strategy, trial }: FaultResult): boolean =>
  validTrialsOf(facts.run.trials, strategy).some(
    ({ number, record }) => number === trial && record.fault?.servers.some(isApp) === true,
  );
