import { exitCode } from './exit-codes.ts';

/** Prints every mistake and ends the process with 64, before anything has been started. */
export function endWithMistakes(usage: string, mistakes: readonly string[]): never {
  const heading = mistakes.length === 1 ? 'There is a mistake:' : `There are ${mistakes.length} mistakes:`;
  process.stderr.write(`${heading}\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}\n`);
  process.stderr.write(`Nothing was started. See "${usage} --help".\n`);
  process.exit(exitCode.usage);
}
