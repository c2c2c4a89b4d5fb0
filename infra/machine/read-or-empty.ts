import { readFile } from 'node:fs/promises';

/** Text of a file; empty where it cannot be read. */
export const readOrEmpty = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
