/** What the rankings say, metric by metric: in a clause for the answer, and in a statement with every size. */
import type { Metric } from '../../record/metrics.ts';
import type { Ranking } from '../../record/summary.ts';
import { type BlockFacts, titleOf } from '../facts/facts.ts';
import type { Verdicts } from '../facts/verdicts.ts';
import { preferred } from '../statistics/verdict.ts';
import { shortTitle } from '../words/brief.ts';
import { counted, disjoined, inWords, listed } from '../words/format.ts';
import { sightSize, sizeBelow, twoDigits } from '../words/sentence.ts';
import { mostNamed } from './integrity.ts';

/** How a metric is spoken of to one who has never seen the tool. */
interface Words {
  readonly subject: string;
  readonly least: (who: string) => string;
  /** `Redis 18–23 % less than PostgreSQL` */
  readonly than: string;
}

const time = (subject: string): Words => ({
  subject,
  least: (who) => `${subject} takes the least time with ${who}`,
  than: 'less than with',
});

/** `write.p50` is left to the tables: three metrics are as much as an answer carries. */
const spoken: Readonly<Partial<Record<Metric, Words>>> = {
  cpuPerRequest: {
    subject: 'CPU per request',
    least: (who) => `the least CPU per request is used by ${who}`,
    than: 'less than',
  },
  'read.p50': time('a typical read'),
  'read.p99': time('a slow read (p99)'),
};

/** What rankings are told from. */
export type Ranked = Pick<BlockFacts, 'strategies' | 'verdicts' | 'rankings'>;

interface Spoken {
  readonly ranking: Ranking;
  readonly words: Words;
}

const spokenOf = ({ rankings }: Ranked): Spoken[] =>
  rankings.flatMap((ranking) => {
    const words = spoken[ranking.metric];
    return words && ranking.ranked.length > 1 ? [{ ranking, words }] : [];
  });

/** The first has a size: of its difference to the next, or where the leaders are tied, to the last. */
export const metricClauses = (facts: Ranked): string[] =>
  spokenOf(facts).map((each, i) => clauseOf(facts, each, i === 0));

export const metricStatements = (facts: Ranked): string[] =>
  spokenOf(facts).map((each) => {
    const apart = each.ranking.unranked.map((name) => titleOf(facts, name));
    const statement = statementOf(facts, each);
    return apart.length === 0 ? statement : `${statement} (${listed(apart)} could not be compared)`;
  });

function clauseOf(facts: Ranked, { ranking, words }: Spoken, sized: boolean): string {
  if (ranking.allTied)
    return sized ? statementOf(facts, { ranking, words }) : tied(facts.verdicts, ranking, words);
  const leaders = leadersOf(ranking);
  const [first, next] = ranking.ranked;
  const least = words.least(whoOf(facts, leaders));
  if (leaders.length > 1) {
    const contrast = sized ? contrastOf(facts, { ranking, words }) : null;
    return `${least}, not told apart${contrast === null ? '' : ` (${contrast})`}`;
  }
  const size = sized && first && next ? below(facts, ranking, words, first.strategy, next.strategy) : null;
  return `${least}${size === null ? '' : `, ${size}`}`;
}

/** `Redis 20–29 % less than MySQL`: the first of those that are tied, against the last of all; null where nothing says so. */
function contrastOf(facts: Ranked, { ranking, words }: Spoken): string | null {
  const [first] = ranking.ranked;
  const last = ranking.ranked.at(-1);
  if (!first || !last) return null;
  const size = below(facts, ranking, words, first.strategy, last.strategy);
  return size && `${shortOf(facts, first.strategy)} ${size}`;
}

/** Those that no verdict puts behind another could be first, and no verdict separates them from each other. */
const leadersOf = ({ ranked }: Ranking): string[] =>
  ranked.filter(({ place }) => place.best === 1).map(({ strategy }) => strategy);

const whoOf = (facts: Ranked, names: readonly string[]): string =>
  names.length <= mostNamed
    ? disjoined(names.map((name) => shortOf(facts, name)))
    : `one of ${inWords(names.length)}`;

const shortOf = (facts: Ranked, name: string): string => shortTitle({ name, title: titleOf(facts, name) });

/** `18–23 % less than PostgreSQL`, or `less than PostgreSQL (no answer in 3 of 12 blocks)`; null where no verdict says so. */
function below(
  { verdicts, ...facts }: Ranked,
  { metric }: Ranking,
  words: Words,
  who: string,
  other: string,
): string | null {
  const verdict = verdicts.between(who, other, metric);
  if (verdict?.verdict !== 'DIFFERENT' || preferred(verdict) !== 'candidate') return null;
  const title = shortTitle({ name: other, title: titleOf(facts, other) });
  const size = sizeBelow(verdict);
  if (size !== null) return `${size} ${words.than} ${title}`;
  return `${words.than} ${title} (no answer in ${verdict.noAnswer.baseline} of ${counted(verdict.pairs, 'block')})`;
}

function statementOf(facts: Ranked, { ranking, words }: Spoken): string {
  const { metric, ranked } = ranking;
  if (ranking.allTied) {
    const all = facts.verdicts.of(metric);
    return `${tied(facts.verdicts, ranking, words)}${all.tally.open === 0 ? '' : `: ${sightOf(all)}`}`;
  }
  const [first, next] = ranked;
  const last = ranked.at(-1);
  if (!first || !next || !last) return words.subject;
  const leaders = leadersOf(ranking);
  const to = (other: string): string | null => below(facts, ranking, words, first.strategy, other);
  if (leaders.length > 1) {
    const contrast = contrastOf(facts, { ranking, words });
    const more = contrast === null ? '' : ` (${contrast})`;
    return `${words.least(whoOf(facts, leaders))}, which this run does not tell apart${more}`;
  }
  const contrasts = [...new Set([next.strategy, last.strategy])].map(to).filter((each) => each !== null);
  const sizes = contrasts.length === 0 ? '' : `, ${listed(contrasts)}`;
  return `${words.least(shortOf(facts, first.strategy))}${sizes}`;
}

function tied(verdicts: Verdicts, { metric, ranked }: Ranking, { subject }: Words): string {
  const own = verdicts.of(metric);
  if (own.tally.same < own.all.length) return `${subject} is inconclusive`;
  const who = ranked.length === 2 ? 'both' : `all ${inWords(ranked.length)}`;
  return `${subject} is the same for ${who} to within ${farthestApart(own)}`;
}

function farthestApart({ all }: Verdicts): string {
  const ends = all.flatMap(({ interval }) =>
    interval.kind === 'bounded' ? [interval.high, 1 / interval.low] : [],
  );
  return `${twoDigits((Math.max(1, ...ends) - 1) * 100)} %`;
}

/** What the open comparisons could have shown: the coarsest of them, so that nothing smaller is promised. */
function sightOf({ open, sight }: Verdicts): string {
  const coarsest = sight.at(-1);
  if (coarsest === undefined || sight.length < open.length) return 'too few blocks have valid trials';
  return `this run could only have seen ${sightSize(coarsest)}`;
}
