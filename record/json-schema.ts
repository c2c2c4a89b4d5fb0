/**
 * The JSON Schema of `summary.json`, for readers in other languages. Kept in `record/summary.schema.json`;
 * `node record/json-schema.ts` writes that file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { summary } from './summary.ts';

export const jsonSchemaFile = path.join(import.meta.dirname, 'summary.schema.json');

/** The file's content, as it must be for the schema in `summary.ts`. */
export function summaryJsonSchema(): object {
  return {
    ...z.toJSONSchema(summary, { target: 'draft-7' }),
    title: 'session-bench summary',
    description: 'What a run of session-bench found: results/<run-id>/summary.json.',
  };
}

if (import.meta.main) await writeFile(jsonSchemaFile, `${JSON.stringify(summaryJsonSchema(), null, 2)}\n`);
