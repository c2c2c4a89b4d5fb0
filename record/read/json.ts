/** Reads one JSON file of a results folder, and says what is wrong with one that cannot be used. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export type FileContent =
  | { readonly status: 'read'; readonly value: unknown }
  | { readonly status: 'missing' }
  | { readonly status: 'broken'; readonly why: string };

export async function readJson(file: string): Promise<FileContent> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { status: 'missing' };
    return { status: 'broken', why: `it cannot be read (${codeOf(error)})` };
  }
  try {
    return { status: 'read', value: JSON.parse(text) };
  } catch {
    return {
      status: 'broken',
      why: text.trim() === '' ? 'it is empty' : 'it is cut off or no JSON',
    };
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** `schemaVersion` first: a file of another version must not be reported as a list of unknown keys. */
export function versionProblem(value: unknown, known: readonly number[]): string | null {
  const version = z.object({ schemaVersion: z.unknown() }).safeParse(value).data?.schemaVersion;
  if (known.some((each) => each === version)) return null;
  if (version === undefined) return 'it has no schemaVersion';
  return `its schemaVersion is ${JSON.stringify(version)}, and this version of session-bench reads ${known.join(' and ')}`;
}

export function mistakes(error: z.ZodError): string {
  const [first, second, ...rest] = error.issues.map(
    (issue) => `${issue.path.length > 0 ? issue.path.join('.') : 'the file'}: ${issue.message}`,
  );
  const more = rest.length > 0 ? `, and ${rest.length} more` : '';
  return [first, second].filter((each) => each !== undefined).join('; ') + more;
}
