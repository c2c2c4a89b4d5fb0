/** What a person asks for that would change nothing: never passed over without a word. */
import type { RuntimeChoice } from '../../infra/runtimes/index.ts';
import { imageKinds } from '../../infra/runtimes/index.ts';
import type { Runtime, Strategy } from '../../infra/runtimes/runtime.ts';
import { type Reason, reasonOf } from '../../record/reasons.ts';
import { UserError } from '../../record/user-error.ts';
import { listed } from '../../reports/words/format.ts';
import type { Environment } from './environment.ts';

export interface AskedOfRuntime {
  readonly runtime?: RuntimeChoice;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** As typed: `redis=redis:7`. */
  readonly images: readonly string[];
  /** Those that are measured; undefined where that cannot be told for other mistakes. */
  readonly strategies: readonly Strategy[] | undefined;
}

/** Mistakes of options that mean nothing together. */
export function idleOptions({
  runtime,
  dryRun,
  json,
  images,
  strategies,
}: AskedOfRuntime): readonly string[] {
  return [
    ...(runtime === 'native' && images.length > 0
      ? ['--image names what to run in Docker, and --runtime native runs no image. Leave one out.']
      : []),
    ...(strategies === undefined ? [] : idleImages(images, strategies)),
    ...(dryRun && json
      ? ['--json prints what was measured, and --dry-run measures nothing. Leave one out.']
      : []),
  ];
}

function idleImages(images: readonly string[], strategies: readonly Strategy[]): readonly string[] {
  const used = imageKinds(strategies);
  const names = strategies.map(({ name }) => name);
  return images
    .map((each) => each.split('=', 1).join().trim())
    .filter((kind) => !used.includes(kind))
    .map(
      (kind) =>
        `--image ${kind}: nothing that is measured (${listed(names)}) runs it. Leave it out; kinds that would be run: ${used.join(', ')}.`,
    );
}

/** An option is for this run, and ends it; a variable may be set for all runs of a machine, and is told. */
const variables = {
  SESSION_BENCH_IMAGES: ({ images }: Environment) => images.size > 0,
  SESSION_BENCH_BUDGETS: ({ budgets }: Environment) => Object.keys(budgets).length > 0,
};

/** Settings of the environment that say nothing to a runtime. */
export const idleVariables = (runtime: Runtime['name'], environment: Environment): readonly Reason[] =>
  runtime === 'docker'
    ? []
    : Object.entries(variables)
        .filter(([, isSet]) => isSet(environment))
        .map(([name]) =>
          reasonOf(
            'without-effect',
            `${name} is for containers, and this run is native: it changes nothing.`,
            `Use --runtime docker for it, or unset ${name}.`,
          ),
        );

/**
 * Ends a run that was to take Docker where it can, cannot, and was told which image to run.
 * @param why the runtime was chosen
 * @throws UserError
 */
export function assertImagesRun(runtime: Runtime['name'], images: readonly string[], why: string): void {
  if (runtime === 'docker' || images.length === 0) return;
  throw new UserError(
    'unavailable',
    `--image ${images.join(', ')} can be run in Docker only. ${why}. Mend that, or leave --image out to run this machine's own programs.`,
  );
}
