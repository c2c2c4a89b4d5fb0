/** What becomes of a command whose output nobody can take any more. */
import { whyUnwritten } from '../../record/unwritable.ts';
import { exitCode } from './exit-codes.ts';

/**
 * Lost output must not end a run: what is measured is kept all the same. A reader that leaves early (`npm run bench |
 * head`) wanted no more, and changes nothing. Otherwise, as on a full disk, it is told on stderr, and a command that came
 * to its end, whatever its verdict, ends with 74: the verdict was not read. One that was refused, failed or was interrupted
 * ends as it would have.
 */
export function outliveOutput(): void {
  let isLost = false;
  const lost = (name: string) => (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.on('exit', (code) => {
      if (code < exitCode.usage) process.exitCode = exitCode.io;
    });
    if (name === 'stdout')
      process.stderr.write(
        `Stdout could not be written: ${whyUnwritten(error)}. Send it to another place; files are written all the same.\n`,
      );
  };
  process.stdout.on('error', lost('stdout'));
  process.stderr.on('error', lost('stderr'));
}
