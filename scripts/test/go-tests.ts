/** Vets and tests the Go module. */
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { z } from 'zod';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { buildEnvironment } from '../../infra/machine/programs/k6-build.ts';
import { addTotals, noTests, type Totals } from './totals.ts';

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
 * Runs `go vet` and `go test`, with the race detector where there is a C compiler for it.
 * @returns totals over tests and subtests; a package that does not build or vet counts as one failure.
 */
export async function runGoTests(go: string, module: string, say: (line: string) => void): Promise<Totals> {
  const vet = await execa(go, ['vet', './...'], {
    cwd: module,
    env: buildEnvironment,
    reject: false,
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  });
  const vetted: Totals = vet.exitCode === 0 ? noTests : { ...noTests, failed: 1 };
  if (vet.exitCode !== 0) say('go vet: failed');
  const race = await hasCompiler();
  if (!race) say('go test: without the race detector, which needs a C compiler (gcc or clang)');
  return addTotals(vetted, await runGoTest(go, module, race, say));
}

/**
 * Compiles the tests, and runs none, at the lowest priority: for a time that others leave unused. What is wrong with them,
 * the run itself will show.
 */
export async function compileGoTests(go: string, module: string): Promise<void> {
  const race = await hasCompiler();
  const { args, env } = goTest(race);
  await execa('nice', ['-n', '19', go, ...args, '-run=^$', './...'], {
    cwd: module,
    env,
    reject: false,
    stdio: 'ignore',
  });
}

const goTest = (race: boolean) => ({
  args: ['test', ...(race ? ['-race'] : [])],
  env: { ...buildEnvironment, CGO_ENABLED: race ? '1' : '0' },
});

async function hasCompiler(): Promise<boolean> {
  return (await findProgram([process.env.CC ?? 'gcc', 'gcc', 'clang'], await systemFolders())) !== null;
}

async function runGoTest(
  go: string,
  module: string,
  race: boolean,
  say: (line: string) => void,
): Promise<Totals> {
  const { args, env } = goTest(race);
  const child = execa(go, [...args, '-json', '-timeout=10m', './...'], {
    cwd: module,
    env,
    reject: false,
    stdin: 'ignore',
    stderr: 'inherit',
    buffer: false,
  });
  const tally = new GoTally(say);
  for await (const line of createInterface({ input: child.stdout })) tally.read(line);
  const { exitCode } = await child;
  return exitCode === 0 || tally.totals.failed > 0 ? tally.totals : { ...tally.totals, failed: 1 };
}

/** Reads the events of `go test -json`, says how each package went, and shows what failing tests printed. */
export class GoTally {
  totals: Totals = noTests;
  readonly #output = new Map<string, string[]>();
  readonly #failedTests = new Set<string>();
  readonly #say: (line: string) => void;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  read(line: string): void {
    const event = parseEvent(line);
    if (event === null) this.#say(line);
    else if (event.Action === 'output' || event.Action === 'build-output') this.#keep(event);
    else if (event.Test !== undefined) this.#testEnded(event, event.Test);
    else this.#packageEnded(event);
  }

  #keep(event: Event): void {
    const key = keyOf(event);
    const lines = this.#output.get(key) ?? [];
    lines.push(event.Output ?? '');
    this.#output.set(key, lines);
  }

  #testEnded(event: Event, test: string): void {
    const { passed, failed, skipped } = this.totals;
    if (event.Action === 'pass') this.totals = { passed: passed + 1, failed, skipped };
    if (event.Action === 'skip') this.totals = { passed, failed, skipped: skipped + 1 };
    if (event.Action === 'fail') {
      this.totals = { passed, failed: failed + 1, skipped };
      this.#failedTests.add(event.Package ?? '');
      this.#say(`✖ ${event.Package} ${test}`);
      this.#show(keyOf(event));
    }
    if (['pass', 'skip', 'fail'].includes(event.Action)) this.#output.delete(keyOf(event));
  }

  #packageEnded(event: Event): void {
    const name = event.Package ?? event.ImportPath ?? '';
    const took = event.Elapsed === undefined ? '' : ` (${event.Elapsed.toFixed(1)} s)`;
    if (event.Action === 'build-fail') this.#show(keyOf(event));
    if (event.Action === 'pass') this.#say(`✔ ${name}${took}`);
    if (event.Action === 'fail') {
      this.#say(`✖ ${name}${took}`);
      if (this.#failedTests.has(name)) return;
      // No test is to blame: it did not build, or it was ended in the middle of one.
      this.totals = { ...this.totals, failed: this.totals.failed + 1 };
      for (const key of this.#output.keys()) if (key.startsWith(`${name} `)) this.#show(key);
    }
  }

  #show(key: string): void {
    const text = (this.#output.get(key) ?? []).join('').trimEnd();
    if (text !== '') this.#say(text);
  }
}

const keyOf = (event: Event) => `${event.Package ?? event.ImportPath ?? ''} ${event.Test ?? ''}`;

function parseEvent(line: string): Event | null {
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
