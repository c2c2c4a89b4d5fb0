import type { z } from 'zod';

/** A field that records of the same schemaVersion may lack, because it is younger than they are. */
export const addedLater = <Schema extends z.ZodType>(
  schema: Schema,
  value: z.core.util.NoUndefined<z.output<Schema>>,
) => schema.default(value);
