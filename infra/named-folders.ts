import path from 'node:path';

/** The folders that an environment variable names, separated like PATH, as absolute paths. */
export function namedFolders(variable: string): readonly string[] {
  const named = (process.env[variable] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return named.map((folder) => path.resolve(folder));
}
