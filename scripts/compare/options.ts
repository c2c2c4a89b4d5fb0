/** The compare command's options: what may be typed, and what it means. */
import { z } from 'zod';
import { defaultScenario, type Scenario } from '../../experiment/scenarios.ts';
import { compareDefaults } from '../../experiment/sides/plan.ts';
import type { Strategy } from '../../infra/runtimes/runtime.ts';
import {
  type CommandSpec,
  decimalNumber,
  flag,
  type OptionSpec,
  type OptionValues,
  wholeNumber,
} from '../cli/arguments.ts';
import { measuringOptions, named, orElse, rate, strategyList } from '../cli/measuring-options.ts';

export function compareSpec(strategies: readonly Strategy[], scenarios: readonly Scenario[]) {
  const options = {
    against: {
      flags: '--against <REF>',
      description: 'measure this git ref and the working tree, in turns; the ref is the baseline',
      schema: z.string().min(1, 'name a commit, a branch or a tag').optional(),
    },
    strategies: {
      flags: '--strategy <NAME>',
      description: 'compare this strategy; may be repeated. Default: all that both sides have',
      repeatable: true,
      schema: strategyList(strategies).optional(),
    },
    scenario: {
      flags: '--scenario <NAME>',
      description: `the workload: ${scenarios.map((each) => each.workload.name).join(', ')}. Default: ${defaultScenario}`,
      schema: named('scenario', scenarios, (each) => each.workload.name).optional(),
    },
    blocks: {
      flags: '--blocks <N>',
      description: `blocks; each holds one trial of each side, 1 to 100. Fewer than 8 cannot show anything. Default: ${compareDefaults.blocks}`,
      schema: wholeNumber('a number of blocks', 1, 100).optional(),
    },
    duration: {
      flags: '--duration <S>',
      description: `measured seconds of each trial, 1 to 600. Default: ${compareDefaults.measureSeconds}`,
      schema: decimalNumber('a duration in seconds', 1, 600).optional(),
    },
    rate: {
      flags: '--rate <N|auto>',
      description:
        'operations per second, the same for both sides; auto finds one that both sustain with room. Default: auto',
      schema: orElse(rate, 'auto'),
    },
    ...measuringOptions(strategies),
    config: {
      flags: '--config <FILE>',
      description:
        'budgets. Default: session-bench.config.ts or .json of this repository, else read.p50, cpuPerRequest and storeCommandsPerRequest, 5 % each',
      schema: z.string().min(1, 'name a file').optional(),
    },
    inconclusive: {
      flags: '--inconclusive <fail|pass>',
      description: 'whether an inconclusive end is a failure (3) or not (0). Default: fail',
      schema: orElse(
        named('choice', ['fail', 'pass'] as const, (each) => each),
        'fail',
      ),
    },
    out: {
      flags: '--out <DIR>',
      description:
        'with --against: folder that gets the run, by default results; else: folder that gets the files, by default the later run’s',
      schema: z.string().min(1, 'give a folder').optional(),
    },
    json: {
      flags: '--json',
      description: 'print comparison.json on stdout, and nothing else there',
      schema: flag,
    },
  } satisfies Readonly<Record<string, OptionSpec>>;

  return {
    usage: 'npm run compare --',
    summary:
      'Says whether the working tree is slower than a git ref, by measuring both in turns; or compares two stored runs.',
    operand: 'RUN_A RUN_B',
    mostOperands: 2,
    options,
    examples: [
      'npm run compare -- --against main --strategy redis       the gate: both sides, in turns',
      'npm run compare -- --against HEAD --strategy redis       an A/A comparison: changes that are in no commit',
      'npm run compare -- 20261120-093000-1a2b 20261121-…       two stored runs; the first is the baseline',
      'npm run compare -- results/latest                        judges a run of compare again',
      'npm run compare -- --against main --dry-run              what would be done, and how long it takes',
    ],
    after: [
      'Exit codes: 0 no regression; 1 a regression; 2 something could not be judged; 3 inconclusive;',
      '64 bad usage; 69 nothing can run here; 70 internal fault; 74 results could not be written;',
      '75 another run is measuring here; 130 interrupted.',
      'Files: comparison.json, comparison.md (for a job summary) and comparison.junit.xml in the folder of the run.',
    ].join('\n'),
    check: ({ against, images }) =>
      against === undefined && images !== undefined ? [notMeasuredAgain('--image')] : [],
  } satisfies CommandSpec<typeof options>;
}

export const notMeasuredAgain = (option: string): string =>
  `${option} says how to measure, and stored runs are not measured again; leave it out`;

export type CompareOptions = OptionValues<ReturnType<typeof compareSpec>['options']>;
