/**
 * docs/gate-outcomes.md: what the gate says of wrong answers and errors, for counts that a reader can weigh. `node
 * reports/gate/outcomes-page.ts` writes the file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type AnswerClass,
  answerClasses,
  type ComparedClassName,
  isViolation,
  isWrongAnswer,
  type OperationName,
} from '../../record/common.ts';
import type { GateOutcome } from '../../record/gate.ts';
import { defaultRule } from '../../record/rule.ts';
import { accidentShare } from '../../record/unanswered.ts';
import { formatCount, plainNumber } from '../words/format.ts';
import { classWords } from './answer-words.ts';
import { judgeClasses, type SeenClass, togetherOf } from './answers.ts';
import { operationsShowing } from './exposure.ts';
import { worstOutcome } from './outcome.ts';

export const outcomesFile = path.join(import.meta.dirname, '../../docs/gate-outcomes.md');

/** 5,000 requests of the scenario `steady`. */
export const fiveThousand: Readonly<Record<OperationName, number>> = {
  login: 98,
  read: 4098,
  write: 608,
  logout: 98,
  probe: 98,
};
export const countsBefore = [0, 1, 2] as const;
export const countsAfter = [0, 1, 3, 10, 400] as const;

export const exposureOf = (name: ComparedClassName, requests = fiveThousand): number =>
  operationsShowing(name).reduce((sum, operation) => sum + requests[operation], 0);

interface Counts {
  readonly before: number;
  readonly after: number;
}

/** Of a class alone; null where more were counted than could be. */
export function outcomeFor(
  name: AnswerClass,
  { before, after }: Counts,
  exposures: Counts = { before: exposureOf(name), after: exposureOf(name) },
): GateOutcome | null {
  if (before > exposures.before || after > exposures.after) return null;
  const tally = (count: number, exposure: number) => ({ count, exposure, trials: Math.min(count, 2) });
  const seen = {
    class: name,
    trials: 'all',
    baseline: tally(before, exposures.before),
    candidate: tally(after, exposures.after),
    inOneStandstill: false,
  } as const;
  return judgeClasses([seen], defaultRule)[0]?.outcome ?? null;
}

const cell = (name: AnswerClass, counts: Counts, exposures?: Counts): string => {
  const outcome = outcomeFor(name, counts, exposures);
  if (outcome === null) return 'cannot be';
  return outcome === 'ok' && isViolation(name) && counts.after > 0 ? 'ok, with an alarm' : outcome;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => ':--'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const equalSides = (): string =>
  table(
    ['class', 'of', 'before', ...countsAfter.map((after) => `${after} after`)],
    answerClasses.flatMap((name) =>
      countsBefore.map((before) => [
        classWords[name],
        formatCount(exposureOf(name)),
        String(before),
        ...countsAfter.map((after) => cell(name, { before, after })),
      ]),
    ),
  );

/** Counts that only their exposures make large or small. */
const unequal: readonly (readonly [AnswerClass, Counts, Counts])[] = [
  ['lost', { before: 1, after: 10 }, { before: 5000, after: 50_000 }],
  ['lost', { before: 10, after: 10 }, { before: 50_000, after: 5000 }],
  ['resurrected', { before: 2, after: 20 }, { before: 100, after: 1000 }],
  ['resurrected', { before: 2, after: 20 }, { before: 100, after: 100 }],
  ['timeout', { before: 0, after: 7 }, { before: 5000, after: 50_000 }],
  ['timeout', { before: 0, after: 7 }, { before: 5000, after: 5000 }],
];

const unequalSides = (): string =>
  table(
    ['class', 'before', 'after', 'outcome'],
    unequal.map(([name, counts, exposures]) => [
      classWords[name],
      `${formatCount(counts.before)} of ${formatCount(exposures.before)}`,
      `${formatCount(counts.after)} of ${formatCount(exposures.after)}`,
      cell(name, counts, exposures),
    ]),
  );

export type Seen = Readonly<Partial<Record<AnswerClass, number>>>;

export const mixes: readonly (readonly [before: Seen, after: Seen])[] = [
  [
    { lost: 1, stale: 1 },
    { lost: 1, stale: 1 },
  ],
  [{ lost: 1 }, { stale: 1 }],
  [
    { lost: 1, stale: 1, crossed: 1 },
    { lost: 5, stale: 5, crossed: 5 },
  ],
  [{}, { timeout: 1, server: 1 }],
  [{}, { timeout: 3, connection: 3, server: 3, protocol: 3 }],
  [
    { timeout: 4, server: 4, connection: 4 },
    { timeout: 4, server: 4, connection: 4 },
  ],
  [
    { timeout: 4, server: 4, connection: 4 },
    { timeout: 9, server: 9, connection: 9 },
  ],
];

/** The worst of the classes and of those of a kind together, as the gate judges them. */
export function outcomeOfMix(before: Seen, after: Seen): GateOutcome {
  const tally = (seen: Seen, of: readonly AnswerClass[], exposure: number) => {
    const count = of.reduce((sum, name) => sum + (seen[name] ?? 0), 0);
    return { count, exposure, trials: Math.min(count, 2) };
  };
  const seenOf = (name: ComparedClassName, of: readonly AnswerClass[]): SeenClass => ({
    class: name,
    trials: 'all',
    baseline: tally(before, of, exposureOf(name)),
    candidate: tally(after, of, exposureOf(name)),
    inOneStandstill: false,
  });
  const all = answerClasses
    .map((name) => seenOf(name, [name]))
    .filter(({ baseline, candidate }) => baseline.count + candidate.count > 0);
  const kinds = togetherOf(all).map((kind) =>
    seenOf(
      kind,
      answerClasses.filter((name) => isWrongAnswer(name) === isWrongAnswer(kind)),
    ),
  );
  return worstOutcome(judgeClasses([...all, ...kinds], defaultRule).map(({ outcome }) => outcome));
}

const seenWords = (seen: Seen): string =>
  answerClasses.flatMap((name) => (seen[name] ? [`${seen[name]} ${classWords[name]}`] : [])).join(', ') ||
  'none';

const mixedClasses = (): string =>
  table(
    ['before', 'after', 'outcome'],
    mixes.map(([before, after]) => {
      const outcome = outcomeOfMix(before, after);
      const wrong = answerClasses.some((name) => isViolation(name) && after[name]);
      const said = outcome === 'ok' && wrong ? 'ok, with an alarm' : outcome;
      return [seenWords(before), seenWords(after), said];
    }),
  );

const { level, confidence } = defaultRule;
const open = (1 - confidence) / 2;

/** The file's content, as it must be for the rule. */
export function outcomesPage(): string {
  const parts = [
    '# Wrong answers and errors in the gate',
    'What `npm run compare` says of answers, whatever the budgets say. Written by `node reports/gate/outcomes-page.ts` from the code that judges.',
    [
      '- **A class of wrong answers that the baseline has not shown is a regression**, from one on. A wrong answer is a fact and no estimate.',
      `- **A class that both have shown is a regression where it is surely more frequent**: the exact test of two counts, one-sided (given their sum, a count is binomial in its side's share of the exposures; Przyborowski & Wilenski 1940), at ${plainNumber(level * 100)} % over all classes of all strategies (Holm). A class that could not reach the level with all counts on the candidate's side is no part of the family (Tarone 1990).`,
      `- **Likely more frequent is inconclusive**: p below ${plainNumber(open * 100)} %, and not below the level. Anything else is no regression; wrong answers of either side are an alarm all the same.`,
      `- **Errors** (time-outs, broken connections, 5xx, broken protocol) go by the same test, a class not seen before too, since a machine can fail a request and cannot mix up sessions. Errors of a single trial that are at most ${plainNumber(accidentShare * 100)} % of the requests are inconclusive: they may be one accident.`,
      '- **Several classes** that the candidate shows are judged together as well, the wrong ones and the errors each for themselves and with all that could have shown any: twelve requests that failed in four ways are twelve.',
      '- **Exposure.** A class is held against the requests that could have shown it: `lost` answers to reads, writes and logouts; `stale` to reads and writes; `crossed` to logins, reads and writes; `resurrected` to probes, of which one follows each logout; errors against all requests. A request without an answer can show no wrong one.',
      "- **Trials.** Counts are of all trials, the invalid ones too. Where the baseline's counts come from invalid trials, the valid ones are judged for themselves as well, and the worse outcome counts.",
      '- **Cut off from outside.** Where a server was ended by a signal that programs do not send themselves (SIGKILL, SIGTERM and their like), or the run was interrupted, the errors of the trial, and sessions lost with a killed server, are told and not tested. A candidate that lost more trials than its baseline, so or to faults of its own, gets no verdict. A server that crashes by itself, or outgrows a limit of its own, is a fault of its side, and its errors are tested.',
      '- **Both sides stood still.** Where both sides of a pair stood still at the same time and something outside of them did it (`machine-stood-still`), the pair is invalid; its errors are told and tested for neither side. Where the pair could not be measured again, and with its errors the candidate would be worse, the outcome is inconclusive. Wrong answers are tested there too: a machine that stands still fails requests, and mixes up no sessions. Where nothing outside is known that did it (`sides-stood-still`), the pair counts, and errors of one such pair alone are inconclusive, however many. A side that stood still alone is held to its errors as ever.',
      '- **The same code on both sides** can be no regression: what is worse then is told as an alarm, and there is no verdict.',
      '- A candidate without a usable answer, or a class that the baseline had no chance to show, is `invalid`.',
    ].join('\n'),
    '## 5,000 requests on each side',
    'Requests of the scenario `steady`, each class for itself: a baseline with 1 `lost` has 0 before in the rows of `crossed`. No other class is seen, and errors lie in more than one trial. “cannot be”: more than could have shown it.',
    equalSides(),
    '## Different numbers of requests',
    unequalSides(),
    '## Several classes at once',
    'Requests as above, each count once on its side; the outcome is the worst of the classes and of those of a kind together.',
    mixedClasses(),
    '## Limits',
    'The test takes wrong answers for independent of each other. One incident that loses many sessions at once counts as many: the counts then say surely that this run was worse, and not that the next one will be. Each fault is counted once, since a session that is found gone is logged in anew.',
  ];
  return `${parts.join('\n\n')}\n`;
}

if (import.meta.main) await writeFile(outcomesFile, outcomesPage());
