/** Which earlier self-tests belong into one table with this one. */
import { isDeepStrictEqual } from 'node:util';
import type { SelftestRecord } from '../../record/selftest.ts';

/** What a self-test asks, as it is known before anything is started. */
export type Question = Pick<
  SelftestRecord,
  'strategy' | 'scenario' | 'blocks' | 'measureSeconds' | 'budgets'
>;

interface Aspect<Of> {
  readonly what: string;
  of(record: Of): unknown;
}

const asked: readonly Aspect<Question>[] = [
  { what: 'strategy', of: ({ strategy }) => strategy },
  { what: 'scenario', of: ({ scenario }) => scenario },
  { what: 'pairs of trials', of: ({ blocks }) => blocks },
  { what: 'measured seconds', of: ({ measureSeconds }) => measureSeconds },
  {
    what: 'budgets',
    of: ({ budgets }) => new Map(budgets.map(({ metric, share }) => [metric, share])),
  },
];

const made: readonly Aspect<SelftestRecord>[] = [
  { what: 'runtime', of: ({ runtime }) => runtime },
  {
    what: 'machine',
    // A kernel that was updated, and memory that was, make no other machine.
    of: ({ host: { hostname, arch, cpuModel, cores, virtualization } }) => ({
      hostname,
      arch,
      cpuModel,
      cores,
      virtualization,
    }),
  },
  { what: 'placement', of: ({ placement }) => placement.cores },
  { what: 'way in which sides are driven', of: ({ pairing }) => pairing },
  { what: 'rule of the gate', of: ({ rule }) => rule },
];

const differing = <Of>(aspects: readonly Aspect<Of>[], a: Of, b: Of): string[] =>
  aspects.filter(({ of }) => !isDeepStrictEqual(of(a), of(b))).map(({ what }) => what);

/** In what they ask something else; empty where they ask the same. */
export const otherQuestion = (a: Question, b: Question): readonly string[] => differing(asked, a, b);

/** Why the counts of two self-tests make no sum, in words; empty where they do. */
export const differencesOf = (a: SelftestRecord, b: SelftestRecord): readonly string[] => [
  ...differing(asked, a, b),
  ...differing(made, a, b),
];

/** Whether both surely tested the same code: a commit does not name what was changed beside it. */
export const isSameCode = ({ tool: a }: SelftestRecord, { tool: b }: SelftestRecord): boolean =>
  a.commit !== null && a.commit === b.commit && a.dirty === false && b.dirty === false;

/** Of the earlier ones in a folder, those that belong to this one by themselves. */
export const belonging = (
  record: SelftestRecord,
  earlier: readonly SelftestRecord[],
): readonly SelftestRecord[] =>
  earlier.filter(
    (each) =>
      each.id !== record.id &&
      each.comparisons.length > 0 &&
      isSameCode(record, each) &&
      differencesOf(record, each).length === 0,
  );
