/** `npm run check`: types, style and vetting of everything in the repository. */
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { findProgram, systemFolders } from '../../infra/machine/programs/find.ts';
import { buildEnvironment, findGo, k6Sources } from '../../infra/machine/programs/k6-build.ts';
import { exitCode } from '../cli/exit-codes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules', '.bin');
const workflows = path.join(root, '.github', 'workflows');
/** Go fetches and builds it once and keeps it in its own cache. */
const actionlint = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly output: string }
  | { readonly status: 'skipped'; readonly why: string };

interface Step {
  readonly title: string;
  run(): Promise<Outcome>;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

/** A program fails by its exit code; gofmt tells of mistakes by printing something. */
async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>>; mustBeSilent?: boolean } = {},
): Promise<Outcome> {
  const {
    exitCode: code,
    all,
    shortMessage,
  } = await execa(program, args, {
    cwd: options.cwd ?? root,
    reject: false,
    all: true,
    stdin: 'ignore',
    env: { ...options.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  });
  const output = all?.trim() ?? '';
  if (code === 0 && !(options.mustBeSilent && output !== '')) return { status: 'passed' };
  return { status: 'failed', output: output || (shortMessage ?? `exit code ${code}`) };
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

/** In CI a step that does not run is a failure. */
const notRun = (why: string): Outcome =>
  process.env.CI === 'true' ? { status: 'failed', output: why } : { status: 'skipped', why };

async function onGoModule(work: (go: string) => Promise<Outcome>): Promise<Outcome> {
  if (await exists(path.join(k6Sources, 'go.mod'))) return await withGo(k6Sources, work);
  return { status: 'skipped', why: 'there is no infra/k6' };
}

/** @param folder where Go is to work: a module there may ask for a newer Go than there is */
async function withGo(folder: string, work: (go: string) => Promise<Outcome>): Promise<Outcome> {
  const go = await findGo(undefined, folder);
  return go.status === 'ready' ? await work(go.path) : notRun(`${go.lack.why}. ${go.lack.remedy}`);
}

const steps: readonly Step[] = [
  { title: 'types', run: () => run(path.join(modules, 'tsc'), ['--project', root]) },
  {
    title: 'types of the scenarios',
    async run() {
      const project = path.join(root, 'scenarios', 'tsconfig.json');
      if (!(await exists(project))) return { status: 'skipped', why: 'there is no scenarios/tsconfig.json' };
      return await run(path.join(modules, 'tsc'), ['--project', project]);
    },
  },
  {
    title: 'lint and format (npx biome check --write mends most)',
    run: () => run(path.join(modules, 'biome'), ['check', '--error-on-warnings', '.']),
  },
  {
    title: 'gofmt (gofmt -w infra/k6 mends it)',
    run: () =>
      onGoModule((go) =>
        run(path.join(path.dirname(go), 'gofmt'), ['-l', k6Sources], { mustBeSilent: true }),
      ),
  },
  {
    title: 'go vet',
    run: () => onGoModule((go) => run(go, ['vet', './...'], { cwd: k6Sources, env: buildEnvironment })),
  },
  {
    title: 'workflows (actionlint)',
    async run() {
      const files = (await readdir(workflows).catch(() => [])).filter((name) => /\.ya?ml$/.test(name));
      if (files.length === 0) return { status: 'skipped', why: 'there are no workflows' };
      return await withGo(root, (go) =>
        run(go, ['run', actionlint, '-no-color', ...files.map((name) => path.join(workflows, name))], {
          cwd: root,
        }),
      );
    },
  },
  {
    title: 'shell scripts (shellcheck)',
    async run() {
      const shellcheck = await findProgram(['shellcheck'], await systemFolders());
      if (shellcheck === null) return { status: 'skipped', why: 'shellcheck is not on PATH' };
      return await run(shellcheck, ['.ci/run']);
    },
  },
];

new Command()
  .name('npm run check --')
  .description('Checks types, style and vetting of everything in the repository; changes nothing.')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCode.ok : exitCode.usage))
  .parse();

let failed = 0;
for (const { title, run: runStep } of steps) {
  const started = performance.now();
  const outcome = await runStep();
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  if (outcome.status === 'passed') say(`✔ ${title} (${took})`);
  if (outcome.status === 'skipped') say(`- ${title}: not run, ${outcome.why}`);
  if (outcome.status === 'failed') {
    failed += 1;
    say(`✖ ${title} (${took})\n${outcome.output.replace(/^/gm, '    ')}`);
  }
}
say(failed === 0 ? '\nAll checks passed.' : `\n${failed} of ${steps.length} checks failed.`);
process.exitCode = failed === 0 ? exitCode.ok : 1;
