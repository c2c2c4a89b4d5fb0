/**
 * Starts a command of this project: `node scripts/start.mjs bench --dry-run`.
 *
 * In JavaScript, so that a Node.js that cannot read TypeScript gets as far as saying what to do.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [command = '', ...args] = process.argv.slice(2);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));

if (process.features.typescript) {
  const { enterOwnEnvironment } = await import('../infra/machine/environment.ts');
  const script = here(`./${command}/index.ts`);
  enterOwnEnvironment(script, args);
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(script).href);
} else {
  const remedy = existsSync(here('../node_modules/node/bin/node'))
    ? `Start it through npm, which takes the Node.js of this project: npm run ${command}`
    : 'The Node.js that comes with the packages of this project is not there: they are not installed, or without their scripts. Type "npm ci", or after "npm ci --ignore-scripts" type "npm rebuild node --ignore-scripts=false", and try again';
  process.stderr.write(`Node.js ${process.versions.node} does not run TypeScript. ${remedy}.\n`);
  process.exitCode = 69;
}
