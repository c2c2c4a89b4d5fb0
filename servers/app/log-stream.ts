import { writeSync } from 'node:fs';

const STANDARD_OUTPUT = 1;

/**
 * Where log lines go. One that cannot be written is dropped: a full disk is no reason for an app to hang, which it does
 * with pino's own stream, as that tries again for ever.
 * @param descriptor of an open file
 */
export const logStream = (descriptor = STANDARD_OUTPUT) => ({
  write(line: string): void {
    try {
      writeSync(descriptor, line);
    } catch {
      // There is nowhere to tell it.
    }
  },
});
