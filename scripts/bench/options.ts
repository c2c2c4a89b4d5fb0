/** The bench command's options: what may be typed, and what it means. */
import { z } from 'zod';
import { blocksPlan, searchPlan } from '../../experiment/bench-plan.ts';
import type { Plan } from '../../experiment/plan.ts';
import { defaultPreset, presets } from '../../experiment/presets.ts';
import { defaultScenario, type Scenario } from '../../experiment/scenarios.ts';
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
import { capacityMistakes, capacityOptions, soundDefaultSlo } from './search-options.ts';

export function benchSpec(strategies: readonly Strategy[], scenarios: readonly Scenario[]) {
  const options = {
    strategies: {
      flags: '--strategy <NAME>',
      description: `measure this strategy; may be repeated. Default: all (${strategies.map((each) => each.name).join(', ')})`,
      repeatable: true,
      schema: strategyList(strategies).optional(),
    },
    scenario: {
      flags: '--scenario <NAME>',
      description: `the workload: ${scenarios.map((each) => each.workload.name).join(', ')}. Default: ${defaultScenario}`,
      schema: orElse(
        named('scenario', scenarios, (each) => each.workload.name),
        defaultScenario,
      ),
    },
    preset: {
      flags: '--preset <NAME>',
      description: `how long and how often: ${presets.map((each) => each.name).join(', ')}. Default: ${defaultPreset}`,
      schema: orElse(
        named('preset', presets, (each) => each.name),
        defaultPreset,
      ),
    },
    rate: {
      flags: '--rate <N|auto>',
      description:
        'operations per second, the same for every strategy; auto finds one that all sustain with room. Default: auto',
      schema: orElse(rate, 'auto'),
    },
    duration: {
      flags: '--duration <S>',
      description: 'measured seconds of each trial, 1 to 600. Default: by preset',
      schema: decimalNumber('a duration in seconds', 1, 600).optional(),
    },
    blocks: {
      flags: '--blocks <N>',
      description: 'blocks; each holds one trial of every strategy, 1 to 100. Default: by preset',
      schema: wholeNumber('a number of blocks', 1, 100).optional(),
    },
    ...capacityOptions,
    sessions: {
      flags: '--sessions <N>',
      description: 'sessions alive, 100 to 1000000. Default: by preset or scenario',
      schema: wholeNumber('a number of sessions', 100, 1_000_000).optional(),
    },
    payload: {
      flags: '--payload <BYTES>',
      description: 'payload of each session, 0 to 65536. Default: by scenario',
      schema: wholeNumber('a payload in bytes', 0, 65_536).optional(),
    },
    apps: {
      flags: '--apps <N>',
      description:
        'app processes behind the balancer, 2 to 16: two show whether sessions are shared. Default: 2',
      schema: orElse(wholeNumber('a number of app processes', 2, 16), '2'),
    },
    ...measuringOptions(strategies),
    out: {
      flags: '--out <DIR>',
      description: 'folder that gets the results, in a new folder for each run. Default: results',
      schema: z.string().min(1, 'give a folder').default('results'),
    },
    json: {
      flags: '--json',
      description: 'print the summary as JSON on stdout, and nothing else there',
      schema: flag,
    },
  } satisfies Readonly<Record<string, OptionSpec>>;

  return {
    usage: 'npm run bench --',
    summary: 'Measures session strategies on identical work, checks every answer, and writes a report.',
    options,
    examples: [
      'npm run bench                                         all strategies, quick',
      'npm run bench -- --preset smoke                       does everything work here?',
      'npm run bench -- --strategy redis --strategy sticky   these two only',
      'npm run bench -- --preset standard --seed 7           12 blocks; the same orders and draws again',
      'npm run bench -- --rate 2000 --scenario login-storm   a rate of your own',
      'npm run bench -- --capacity --slo "p99<50ms,errors<0.1%"   the highest rate that keeps this promise',
      'npm run bench -- --dry-run                            what would be done, and how long it takes',
    ],
    after: [
      'Exit codes: 0 all valid and every answer right; 1 wrong answers; 2 a strategy without a valid trial,',
      'or, with --capacity, without a rate that keeps the promise;',
      '64 bad usage; 69 nothing can run here; 70 internal fault; 74 results could not be written;',
      '75 another run is measuring here; 130 interrupted.',
    ].join('\n'),
    check: capacityMistakes,
  } satisfies CommandSpec<typeof options>;
}

export type BenchOptions = OptionValues<ReturnType<typeof benchSpec>['options']>;

/** What the options come to; `strategies` are all that there are. */
export function planOf(options: BenchOptions, strategies: readonly Strategy[]): Plan {
  const { capacity, blocks, rate: chosenRate, trials } = options;
  const wishes = { ...options, strategies: options.strategies ?? strategies };
  return capacity
    ? searchPlan(wishes, { slo: options.slo ?? soundDefaultSlo(), maxTrials: trials })
    : blocksPlan(wishes, { blocks, rate: chosenRate });
}
