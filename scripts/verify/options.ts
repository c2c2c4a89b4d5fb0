/** The options of `npm run verify`: what may be typed, and what it means. */
import { MAX_SEED } from '../../experiment/random.ts';
import { commandSpec, type OptionTable } from '../cli/command-spec.ts';
import {
  type Known,
  machineMistakes,
  machineOptions,
  measuringEnvironment,
  outOption,
  strategiesOption,
  usualStrategies,
} from '../cli/measuring-options.ts';
import { flag, orElse, wholeNumber } from '../cli/values.ts';

/** A minute of them for all strategies that run without Docker, on two cores. */
const USUAL_REQUESTS = 100_000;
const MOST_REQUESTS = 10_000_000;

function optionsOf(known: Known) {
  const { runtime, images, seed, dryRun } = machineOptions(known);
  return {
    strategies: strategiesOption(known, 'verify', usualStrategies(known)),
    requests: {
      flags: '--requests <N>',
      description: `how many bad requests each strategy is sent, 0 to ${MOST_REQUESTS}. Default: ${USUAL_REQUESTS}`,
      schema: orElse(wholeNumber('a number of requests', 0, MOST_REQUESTS), String(USUAL_REQUESTS)),
    },
    seed: { ...seed, description: `seed of the bad requests, 0 to ${MAX_SEED}. Default: a new one, printed` },
    runtime,
    images,
    dryRun: { ...dryRun, description: 'say what would be asked, and start nothing' },
    out: outOption('under verifications/, in a new folder for each verification'),
    json: {
      flags: '--json',
      description: 'print verification.json on stdout, and nothing else there',
      schema: flag,
    },
  } satisfies OptionTable;
}

export const verifySpec = (known: Known) =>
  commandSpec({
    usage: 'npm run verify --',
    summary:
      "Asks each strategy's real deployment what an attacker would try, by the requirements of OWASP ASVS 5.0. No load but bad requests.",
    options: optionsOf(known),
    environment: measuringEnvironment,
    check: (typed, values) => machineMistakes(typed, values, values.strategies?.things),
    examples: [
      'npm run verify                                        all strategies',
      'npm run verify -- --strategy redis --strategy sticky   these two only',
      'npm run verify -- --strategy redis --seed 7            the bad requests of seed 7 again',
      'npm run verify -- --dry-run                           what would be asked',
    ],
    after: [
      'Exit codes: 0 every check holds, documented limits aside; 1 something is broken; 2 something could not be verified;',
      '64 bad usage; 69 nothing can run here; 70 internal fault; 74 results could not be written;',
      '75 another run is measuring here; 130 interrupted.',
    ].join('\n'),
  });
