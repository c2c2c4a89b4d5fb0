/** What may be typed behind `npm run benchmark`. */
import { commandSpec } from '../cli/command-spec.ts';
import { flag, orElse, wholeNumber, wholeNumbers } from '../cli/values.ts';

export const benchmarkSpec = commandSpec({
  usage: 'npm run benchmark --',
  summary: "Measures the generator's own CPU time and memory, beside wrk, wrk2 and k6's HTTP client.",
  options: {
    rounds: {
      flags: '--rounds <N>',
      description: 'rounds, each with every generator. Default: 3',
      schema: orElse(wholeNumber('a number of rounds', 1, 100), '3'),
    },
    seconds: {
      flags: '--seconds <N>',
      description: 'length of each window in seconds. Default: 4',
      schema: orElse(wholeNumber('a length in seconds', 1, 60), '4'),
    },
    rate: {
      flags: '--rate <N,...>',
      description: 'fixed rates in requests per second, separated by commas. Default: 500,1000,2000,4000',
      schema: orElse(wholeNumbers('a rate per second', 1, 100_000), '500,1000,2000,4000'),
    },
    write: { flags: '--write', description: 'also write docs/measurements/generator-cost.md', schema: flag },
  },
  examples: [
    'npm run benchmark',
    'npm run benchmark -- --rate 500,4000',
    'npm run benchmark -- --rounds 7 --write',
  ],
  after:
    'Needs Linux and two cores. Takes about ten minutes. wrk2 is compared where it is on PATH, wrk where it is or can be fetched. Exits with 0 when no goal is missed.',
});
