/** Tests the Go module. */
import { z } from 'zod';
import { environmentFor, type Variables } from '../../infra/machine/environment.ts';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { buildEnvironment } from '../../infra/machine/programs/go-build.ts';
import { runProgram } from '../../infra/machine/run.ts';
import { noTests, type Totals } from './totals.ts';

/** A line of `go test -json`, as `go doc test2json` describes it. */
const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().optional(),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().optional(),
  Elapsed: z.number().optional(),
});
type Event = z.infer<typeof eventSchema>;

/**
 * Runs `go test`, with the race detector where there is a C compiler for it.
 * @returns totals over tests and subtests; a package that does not build, or dies outside of a test, is one failure.
 */
export async function runGoTests(go: string, module: string, say: (line: string) => void): Promise<Totals> {
  const race = await hasCompiler();
  if (!race) say('go test: without the race detector, which needs a C compiler (gcc or clang)');
  const tally = new GoTally(say);
  const outcome = await runProgram(go, [...goTest(race), '-json', '-timeout=10m', './...'], {
    cwd: module,
    env: environment(race),
    output: (line) => tally.read(line),
  });
  if (outcome.stderr !== '') say(outcome.stderr);
  return outcome.exitCode === 0 || tally.totals.failed > 0 ? tally.totals : { ...tally.totals, failed: 1 };
}

/**
 * Compiles the tests, and runs none, at the lowest priority: for a time that others leave unused. What is wrong with them,
 * the run itself will show.
 */
export async function compileGoTests(go: string, module: string): Promise<void> {
  const race = await hasCompiler();
  const args = ['-n', '19', go, ...goTest(race), '-run=^$', './...'];
  await runProgram('nice', args, { cwd: module, env: environment(race) });
}

const goTest = (race: boolean): readonly string[] => (race ? ['test', '-race'] : ['test']);
const environment = (race: boolean): Variables => ({
  ...environmentFor('go'),
  ...buildEnvironment,
  CGO_ENABLED: race ? '1' : '0',
});

async function hasCompiler(): Promise<boolean> {
  return (await findProgram([process.env.CC ?? 'gcc', 'gcc', 'clang'], await systemFolders())) !== null;
}

/** Reads the events of `go test -json`, says how each package went, and shows what failing tests printed. */
export class GoTally {
  totals: Totals = noTests;
  /** What tests that have not ended, and packages, have printed. */
  readonly #output = new Map<string, string>();
  readonly #blamed = new Set<string>();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  read(line: string): void {
    const event = parseEvent(line);
    if (event === null) this.#say(line);
    else if (event.Output !== undefined)
      this.#output.set(keyOf(event), (this.#output.get(keyOf(event)) ?? '') + event.Output);
    else if (event.Test !== undefined) this.#testEnded(event, event.Test);
    else this.#packageEnded(event);
  }

  #testEnded(event: Event, test: string): void {
    if (!['pass', 'skip', 'fail'].includes(event.Action)) return;
    const { passed, failed, skipped } = this.totals;
    if (event.Action === 'pass') this.totals = { passed: passed + 1, failed, skipped };
    if (event.Action === 'skip') this.totals = { passed, failed, skipped: skipped + 1 };
    if (event.Action === 'fail') this.#countFailure(event, test);
    this.#output.delete(keyOf(event));
  }

  #packageEnded(event: Event): void {
    const took = `(${event.Elapsed?.toFixed(1) ?? '?'} s)`;
    if (event.Action === 'pass') this.#say(`✔ ${event.Package} ${took}`);
    if (event.Action === 'build-fail') this.#show(event);
    // Where no test is to blame, the package did not build, or died in the middle of one.
    if (event.Action === 'fail' && !this.#blamed.has(event.Package ?? '')) this.#countFailure(event, took);
  }

  #countFailure(event: Event, what: string): void {
    this.totals = { ...this.totals, failed: this.totals.failed + 1 };
    this.#blamed.add(event.Package ?? '');
    this.#say(`✖ ${event.Package} ${what}`);
    this.#show(event);
  }

  #show(event: Event): void {
    for (const [key, text] of this.#output) if (key.startsWith(keyOf(event))) this.#say(text.trimEnd());
  }
}

/** A package's key begins the keys of its tests. */
const keyOf = ({ Package, ImportPath, Test = '' }: Event): string => `${Package ?? ImportPath} ${Test}`;

function parseEvent(line: string): Event | null {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
