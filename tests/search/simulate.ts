/**
 * How often the search's interval holds the true edge, how wide it is and how many trials it takes.
 *
 *   node tests/search/simulate.ts [searches]      prints Markdown
 */
import { searchDefaults } from '../../experiment/search/outcome.ts';
import { type System, searchSystem } from '../../experiment/search/testing/system.ts';
import { clopperPearson } from '../../reports/statistics/distributions/beta.ts';
import { normalCdf } from '../../reports/statistics/distributions/normal.ts';
import { type Random, seededRandom } from '../../reports/statistics/random.ts';

/** Keeps the promise with the chance of a probit curve of this width on the log scale; 0 is a cliff. */
export function systemWithEdge(edge: number, width: number, random: Random): System {
  return (rate) => {
    if (width === 0) return rate <= edge ? 'kept' : 'broken';
    return random.uniform() < normalCdf((Math.log(edge) - Math.log(rate)) / width) ? 'kept' : 'broken';
  };
}

export interface Coverage {
  readonly searches: number;
  readonly found: number;
  readonly covered: number;
  readonly precise: number;
  /** Means over the searches that found an edge. */
  readonly trials: number;
  readonly halfWidth: number;
}

/** Searches for edges drawn at random between 300 and 30,000 per second. */
export function coverage(width: number, searches: number, seed: number): Coverage {
  const random = seededRandom(seed);
  const sum = { found: 0, covered: 0, precise: 0, trials: 0, halfWidth: 0 };
  for (let i = 0; i < searches; i += 1) {
    const edge = 300 * 100 ** random.uniform();
    const options = { ...searchDefaults, start: 1000, lowest: 10, highest: 1e5 };
    const { answer } = searchSystem(options, systemWithEdge(edge, width, random));
    if (answer.kind !== 'found') continue;
    sum.found += 1;
    sum.trials += answer.trials;
    sum.halfWidth += Math.sqrt(answer.high / answer.low) - 1;
    if (answer.low <= edge && edge <= answer.high) sum.covered += 1;
    if (answer.precise) sum.precise += 1;
  }
  const count = Math.max(1, sum.found);
  return { ...sum, searches, trials: sum.trials / count, halfWidth: sum.halfWidth / count };
}

if (import.meta.main) {
  const searches = Number(process.argv[2] ?? 500);
  console.log(
    '| width of the edge | interval holds the edge | within ±5 % | mean half width | mean trials |',
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const width of [0, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3]) {
    const seen = coverage(width, searches, 1);
    const { low, high } = clopperPearson(seen.covered, seen.searches);
    const percent = (share: number) => (share * 100).toFixed(1);
    console.log(
      `| ${percent(width)} % | ${percent(seen.covered / seen.searches)} % (${percent(low)}–${percent(high)}) | ` +
        `${percent(seen.precise / seen.searches)} % | ±${percent(seen.halfWidth)} % | ${seen.trials.toFixed(1)} |`,
    );
  }
}
