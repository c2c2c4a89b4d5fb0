/**
 * The JSON Schema of price books, for editors. Kept in `advice/prices/prices.schema.json`; `node scripts/advise/price-schema.ts`
 * writes that file again, and a test holds the two together.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { priceBook } from '../../advice/prices/book.ts';
import { repository } from '../../experiment/repository.ts';

export const priceSchemaFile = path.join(repository, 'advice/prices/prices.schema.json');

export const priceJsonSchema = (): object => ({
  ...z.toJSONSchema(priceBook, { target: 'draft-7' }),
  title: 'session-bench price book',
  description: 'What servers cost, where and when somebody read that: the input of npm run advise.',
});

if (import.meta.main) await writeFile(priceSchemaFile, `${JSON.stringify(priceJsonSchema(), null, 2)}\n`);
