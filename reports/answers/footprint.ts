/** The answer of a run that weighed sessions. */
import type { FootprintSummary } from '../../record/summary.ts';
import type { FootprintFacts } from '../facts/facts.ts';
import { mainFit, payloadsOf, toldPayload } from '../facts/footprints.ts';
import { brief, clause, sentenceOf, shortTitle } from '../words/brief.ts';
import { counted, formatCount, formatMiB, listed, lowerFirst, upperFirst } from '../words/format.ts';
import { type Said, said } from './answer.ts';
import { failed, integrity, without, wrongAnswers } from './integrity.ts';

interface Weighed {
  readonly title: string;
  readonly series: FootprintSummary;
  readonly bytesPerSession: number;
}

export function footprintAnswer(facts: FootprintFacts): Said {
  const { footprint, strategies } = facts;
  const payloads = payloadsOf(footprint);
  const told = toldPayload(footprint);
  const weighed = told === undefined ? [] : weighedAt(facts, told);
  const [first, ...others] = weighed;
  if (told === undefined || !first) return nothingWeighed(facts);
  const { text } = brief(
    opening(facts, told),
    [
      clause(`${formatCount(first.bytesPerSession)} B in ${first.title}`),
      ...others.map(({ title, bytesPerSession }) => clause(`${formatCount(bytesPerSession)} in ${title}`)),
      sentenceOf(upperFirst(without(strategies))),
      sentenceOf(upperFirst(integrity(facts))),
    ],
    ', ',
  );
  return said(text, [
    ...payloads.map((payload) => inFull(payload, weighedAt(facts, payload))),
    failed(strategies),
    without(strategies),
    integrity(facts),
  ]);
}

function opening({ strategies, status }: FootprintFacts, payload: number): string {
  const wrong = wrongAnswers(strategies) || upperFirst(failed(strategies));
  const start = `${status === 'finished' ? 'A' : 'In a run that did not end, a'} session with ${formatCount(payload)} B of payload takes `;
  return wrong === '' ? start : `${wrong}; ${lowerFirst(start)}`;
}

/** The least first. */
function weighedAt({ footprint, strategies }: FootprintFacts, payload: number): readonly Weighed[] {
  return footprint
    .filter(({ payloadBytes }) => payloadBytes === payload)
    .flatMap((series): Weighed[] => {
      const fit = mainFit(series);
      const named = strategies.find(({ name }) => name === series.strategy);
      const bytesPerSession = fit?.line.bytesPerSession ?? null;
      if (bytesPerSession === null || !named) return [];
      return [{ title: shortTitle(named), series, bytesPerSession }];
    })
    .sort((a, b) => a.bytesPerSession - b.bytesPerSession);
}

/** `with 200 B of payload, by up to 100,000 sessions: Redis 688 B of memory for each and 9.1 MiB besides`. */
function inFull(payload: number, weighed: readonly Weighed[]): string {
  if (weighed.length === 0) return '';
  const most = Math.max(...weighed.map(({ series }) => series.testedTo ?? 0));
  const each = weighed.map(({ title, series, bytesPerSession }) => {
    const besides = formatMiB(mainFit(series)?.line.fixedBytes ?? 0);
    const fewer = series.testedTo === most ? '' : ` (by up to ${formatCount(series.testedTo ?? 0)})`;
    return `${title} ${formatCount(bytesPerSession)} B of ${where[series.keptIn]} for each and ${besides} MiB besides${fewer}`;
  });
  return `with ${formatCount(payload)} B of payload, by up to ${counted(most, 'session')}: ${listed(each)}`;
}

const where = { memory: 'memory', disk: 'disk', apps: 'the apps’ memory as Node.js counts it' } as const;

function nothingWeighed(facts: FootprintFacts): Said {
  const reason = facts.strategies.flatMap(({ reasons }) => reasons)[0];
  const why = facts.run.footprint.flatMap((series) => series.why ?? [])[0] ?? reason?.message ?? '';
  const one = facts.footprint.some((series) => mainFit(series) !== null)
    ? 'sessions of no strategy took as much as readings tell apart'
    : 'no strategy was weighed at two numbers of sessions';
  return said(`This run answers nothing: ${one}.`, [
    why.split('\n', 1).join().replace(/\.$/, ''),
    integrity(facts),
  ]);
}
