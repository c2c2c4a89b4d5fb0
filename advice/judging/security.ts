/** What checks of `npm run verify` say: of a verification where there is one, else on paper. */
import type { OnPaper } from '../../record/on-paper.ts';
import type { SecurityCheckId } from '../../record/security-checks.ts';
import type { SecurityEvidence, StrategyEvidence } from '../evidence/evidence.ts';
import type { Wishes } from '../wishes/wishes.ts';
import { broken, type Judged, met, open, type WishName } from './judged.ts';

/** Without these a strategy may give one user the session of another: no wish is needed for that. */
const always: readonly SecurityCheckId[] = ['own-session', 'hostile-cookies', 'fixation', 'login-race'];

type Traits = NonNullable<OnPaper['traits']>;

interface Asked {
  readonly wish: WishName;
  readonly checks: readonly SecurityCheckId[];
  isWished(wishes: Wishes): boolean;
  /** How it is done, by what is known of a strategy; null: it cannot be. */
  onPaper(known: Traits): string | null;
  /** To stand in a sentence. */
  readonly cannot: string;
  readonly notKnown: string;
}

const asked: readonly Asked[] = [
  {
    wish: 'ends at once',
    checks: ['logout', 'logout-race'],
    isWished: ({ endsAtOnce }) => endsAtOnce,
    onPaper: () => 'a session that is ended is taken out of where it is kept',
    cannot: 'a session that was ended may be served again',
    notKnown: 'whether a session that was ended is refused everywhere is not known',
  },
  {
    wish: 'ends all of a user',
    checks: ['end-user'],
    isWished: ({ endsAllOfAUser }) => endsAllOfAUser,
    onPaper: ({ endsAllOfAUser }) => endsAllOfAUser,
    cannot: 'it has no way to end all sessions of a user',
    notKnown: 'whether all sessions of a user can be ended is not known',
  },
];

/** Empty where no check of what every user needs is broken. */
export function judgeKeptApart({ security }: StrategyEvidence): readonly Judged[] {
  if (security.kind === 'missing') return [];
  return resultsOf(security.value, always)
    .filter(({ outcome }) => outcome === 'broken')
    .map((result) => broken('right answers', resultWords(result), measuredBy(result)));
}

export const judgeEndings = (strategy: StrategyEvidence, wishes: Wishes): readonly Judged[] =>
  asked.filter(({ isWished }) => isWished(wishes)).map((each) => judgeAsked(strategy, each));

function judgeAsked(strategy: StrategyEvidence, ask: Asked): Judged {
  const { security } = strategy;
  const { wish, checks } = ask;
  const results = security.kind === 'missing' ? [] : resultsOf(security.value, checks);
  const failed = results.find(({ outcome }) => outcome === 'broken' || outcome === 'limit');
  if (failed !== undefined) return broken(wish, resultWords(failed), measuredBy(failed));
  const [first] = results;
  const allHold = results.length === checks.length && results.every(({ outcome }) => outcome === 'holds');
  if (first !== undefined && allHold)
    return met(wish, results.map(resultWords).join('; '), measuredBy(first));
  return judgeOnPaper(strategy, ask, results);
}

function judgeOnPaper(
  { name, onPaper }: StrategyEvidence,
  ask: Asked,
  results: readonly SecurityEvidence[],
): Judged {
  const command = `npm run verify -- --strategy ${name}`;
  const traits = onPaper?.traits ?? null;
  if (traits === null) return open(ask.wish, ask.notKnown, command);
  const basis = { kind: 'on-paper', command } as const;
  const how = ask.onPaper(traits);
  if (how === null) return broken(ask.wish, ask.cannot, basis);
  const unknown = results.find(({ outcome }) => outcome === 'unknown');
  const asIs = unknown === undefined ? '' : ` (${resultWords(unknown)})`;
  return met(ask.wish, `${how}, on paper${asIs}; what that costs is in no number here`, basis);
}

const resultsOf = (
  all: readonly SecurityEvidence[],
  checks: readonly SecurityCheckId[],
): readonly SecurityEvidence[] => all.filter(({ check }) => checks.includes(check));

const outcomeWords = {
  holds: 'holds',
  limit: 'cannot hold',
  unknown: 'could not be asked',
  broken: 'is broken',
} as const;

/** Without full stop: a detail may have one. */
const resultWords = ({ check, title, outcome, detail }: SecurityEvidence): string =>
  outcome === 'holds'
    ? `the check "${title}" (${check}) holds`
    : `the check "${title}" (${check}) ${outcomeWords[outcome]}: ${detail.replace(/\.$/, '')}`;

const measuredBy = ({ run }: SecurityEvidence) => ({ kind: 'measured', run }) as const;
