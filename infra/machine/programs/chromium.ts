/** A Chromium for tests of the report: the machine's own, else Debian's, unpacked into the cache. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Lack } from '../lack.ts';
import { runProgram } from '../run.ts';
import { cacheFolder, makeFolder } from './cache.ts';
import { findProgram, isExecutable, systemFolders } from './find.ts';
import { type ProvisionOptions, provisionPrograms } from './index.ts';
import type { ProgramNeed } from './program.ts';

export type ChromiumProvision =
  | {
      readonly status: 'ready';
      readonly path: string;
      /** To be added to the environment that the browser is started with. */
      readonly env: Readonly<Record<string, string>>;
      /** Arguments without which it does not start here. */
      readonly args: readonly string[];
      readonly origin: 'system' | 'cache';
    }
  | { readonly status: 'lacking'; readonly lack: Lack };

/** Programs that understand Chromium's protocol, those first that are not wrapped in a sandbox of their own. */
const candidates = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const need: ProgramNeed = {
  name: 'chromium',
  candidates: ['chromium'],
  debianPackages: ['chromium', 'fonts-dejavu-core', 'fonts-liberation'],
  remedies: {
    debian: 'sudo apt-get install chromium',
    fedora: 'sudo dnf install chromium',
    macos: 'brew install --cask chromium',
    other: 'Install Chromium or Chrome, or name one in CHROMIUM_PATH.',
  },
};

/** Finds or fetches Chromium; some 100 MB are downloaded where it is missing. */
export async function provisionChromium(options: ProvisionOptions): Promise<ChromiumProvision> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const onSystem = await systemChromium(options.folders ?? (await systemFolders()));
  if (onSystem !== null) return { status: 'ready', path: onSystem, env: {}, args, origin: 'system' };

  const provision = (await provisionPrograms([need], { ...options, folders: [] })).get(need.name);
  if (provision?.status !== 'ready') {
    const lack = provision?.lack ?? { what: 'chromium', why: 'it is not on PATH', remedy: '' };
    return { status: 'lacking', lack };
  }
  const { root, env } = provision.executable;
  if (root === null) throw new Error('a program of the cache must have a root');
  return {
    status: 'ready',
    // The program on PATH is a script that knows only the place where its package would be installed.
    path: path.join(root, 'usr/lib/chromium/chromium'),
    env: { ...env, FONTCONFIG_FILE: await writeFontConfiguration(root, options.cache ?? cacheFolder()) },
    // Its sandbox wants a helper owned by root, which an unpacked package cannot have.
    args: ['--no-sandbox'],
    origin: 'cache',
  };
}

async function systemChromium(folders: readonly string[]): Promise<string | null> {
  const named = process.env.CHROMIUM_PATH ?? process.env.PUPPETEER_EXECUTABLE_PATH;
  if (named) return named;
  for (const candidate of candidates) {
    const file = path.isAbsolute(candidate) ? candidate : await findProgram([candidate], folders);
    // Ubuntu's package holds a script that only says how to install the browser.
    if (file !== null && (await isExecutable(file)) && (await answersVersion(file))) return file;
  }
  return null;
}

async function answersVersion(file: string): Promise<boolean> {
  const { exitCode, stdout } = await runProgram(file, ['--version'], { timeoutMs: 20_000 });
  return exitCode === 0 && /Chrom/.test(stdout);
}

/** Text needs a font: those of the unpacked packages, beside the machine's. */
async function writeFontConfiguration(root: string, cache: string): Promise<string> {
  const folder = await makeFolder(path.join(cache, 'fonts'));
  const file = path.join(folder, 'fonts.conf');
  const alias = (generic: string, family: string) =>
    `<alias><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`;
  await writeFile(
    file,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${path.join(root, 'usr/share/fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${path.join(folder, 'cache')}</cachedir>
  ${alias('sans-serif', 'Liberation Sans')}
  ${alias('serif', 'Liberation Serif')}
  ${alias('monospace', 'DejaVu Sans Mono')}
  ${alias('system-ui', 'DejaVu Sans')}
</fontconfig>
`,
  );
  return file;
}
