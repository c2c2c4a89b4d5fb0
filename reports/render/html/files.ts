/** Files that pages and pictures are made of. */
import { readFile } from 'node:fs/promises';

/** @param place relative to this folder, or a whole `file:` address @throws the system's error where it cannot be read */
export const readText = (place: string): Promise<string> => readFile(new URL(place, import.meta.url), 'utf8');
