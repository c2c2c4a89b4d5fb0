/** What `npm run check` looks at. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { environmentFor, type Variables } from '../../infra/machine/environment.ts';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { buildEnvironment } from '../../infra/machine/programs/go-build.ts';
import { findGo } from '../../infra/machine/programs/k6-build.ts';
import { outputOrEnding, type ProgramOutcome, runProgram } from '../../infra/machine/run.ts';
import { backArrows, importsOf } from './directions.ts';

export type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly output: string }
  | { readonly status: 'skipped'; readonly why: string };

export interface Step {
  readonly title: string;
  run(): Promise<Outcome>;
}

const modules = path.resolve(import.meta.dirname, '../../node_modules/.bin');
const tsc = path.join(modules, 'tsc');
/** Go fetches and builds it once and keeps it in its own cache. */
const actionlint = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

/** Folders of Go modules. */
const GO_MODULES = ['infra/k6', 'infra/services/toxiproxy/server'] as const;

/** @param root the repository; a test gives one of its own */
export function stepsFor(root: string): readonly Step[] {
  const scenarios = path.join(root, 'scenarios');
  return [
    { title: 'types', run: () => runIn(root, tsc, ['--project', root]) },
    { title: 'types of the scenarios', run: () => runIn(root, tsc, ['--project', scenarios]) },
    { title: 'imports go downwards', run: () => checkDirections(root, [root, scenarios]) },
    {
      title: 'lint, circles and format (npx biome check --write mends most)',
      run: () => runIn(root, path.join(modules, 'biome'), ['check', '--error-on-warnings', '.']),
    },
    ...GO_MODULES.flatMap((module) => goSteps(module, path.join(root, module))),
    { title: 'workflows (actionlint)', run: () => withGo(root, (go) => checkWorkflows(root, go)) },
    { title: 'shell scripts (shellcheck)', run: () => checkShell(root) },
  ];
}

const goSteps = (name: string, module: string): readonly Step[] => [
  {
    title: `gofmt (gofmt -w ${name} mends it)`,
    run: () => withGo(module, (go) => checkFormat(go, module)),
  },
  {
    title: `go vet of ${name}`,
    run: () => withGo(module, (go) => runIn(module, go, ['vet', './...'], buildEnvironment)),
  },
];

async function checkDirections(root: string, projects: readonly string[]): Promise<Outcome> {
  const complaints: string[] = [];
  for (const project of projects) {
    const args = ['--project', project, '--noCheck', '--listFilesOnly', '--explainFiles'];
    const explained = await finish(root, tsc, args);
    if (explained.exitCode !== 0) return failedWith(explained);
    complaints.push(...backArrows(importsOf(explained.stdout)));
  }
  return complaints.length === 0
    ? { status: 'passed' }
    : { status: 'failed', output: [...new Set(complaints)].join('\n') };
}

/** gofmt succeeds whatever it finds, and names the files that are not as it would write them. */
async function checkFormat(go: string, module: string): Promise<Outcome> {
  const outcome = await finish(module, path.join(path.dirname(go), 'gofmt'), ['-l', '.']);
  return outcome.exitCode === 0 && outcome.all === '' ? { status: 'passed' } : failedWith(outcome);
}

async function checkWorkflows(root: string, go: string): Promise<Outcome> {
  const folder = path.join(root, '.github/workflows');
  const files = (await readdir(folder)).map((name) => path.join(folder, name));
  return await runIn(root, go, ['run', actionlint, '-no-color', ...files]);
}

async function checkShell(root: string): Promise<Outcome> {
  const shellcheck = await findProgram(['shellcheck'], await systemFolders());
  if (shellcheck === null) return { status: 'skipped', why: 'shellcheck is not on PATH' };
  return await runIn(root, shellcheck, ['.ci/run', '.ci/engine', '.ci/machine-state']);
}

/** @param folder where Go is to work: a module there may ask for a newer Go than there is */
async function withGo(folder: string, work: (go: string) => Promise<Outcome>): Promise<Outcome> {
  const go = await findGo(undefined, folder);
  if (go.status === 'ready') return await work(go.path);
  const why = `${go.lack.why}. ${go.lack.remedy}`;
  // In CI a step that does not run is a failure.
  return process.env.CI === 'true' ? { status: 'failed', output: why } : { status: 'skipped', why };
}

/** A program that fails says so by its exit code. */
async function runIn(
  folder: string,
  program: string,
  args: readonly string[],
  env: Variables = {},
): Promise<Outcome> {
  const outcome = await finish(folder, program, args, env);
  return outcome.exitCode === 0 ? { status: 'passed' } : failedWith(outcome);
}

function finish(
  folder: string,
  program: string,
  args: readonly string[],
  env: Variables = {},
): Promise<ProgramOutcome> {
  const color = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
  return runProgram(program, args, { cwd: folder, env: { ...environmentFor('go'), ...env, ...color } });
}

const failedWith = (outcome: ProgramOutcome): Outcome => ({
  status: 'failed',
  output: outputOrEnding(outcome).trim(),
});
