/** The script of the section "Choose": the advice itself, and what reads the fields, in one text. */
import { fileURLToPath } from 'node:url';

let made: Promise<string> | null = null;

/** Made once in a process. @throws Error where the sources cannot be bundled for a browser */
export function chooseScript(): Promise<string> {
  made ??= bundled();
  return made;
}

async function bundled(): Promise<string> {
  // Loaded where a page is written, so that commands that write none start faster.
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./client.js', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  // Texts that begin or end a script element would do so in the page.
  return (outputFiles[0]?.text ?? '').replace(/<(?=\/?script)/gi, '\\x3c').trimEnd();
}
