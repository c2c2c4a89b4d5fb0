/** Reads and checks the app's configuration. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AppConfig } from '../contract/app.ts';

export const configVariable = 'SESSION_APP_CONFIG';

const port = z.int().min(0).max(65_535);
const endpoint = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  user: z.string().optional(),
  password: z.string().optional(),
  database: z.string().optional(),
});

const schema = z.strictObject({
  strategy: z.string().min(1),
  storeModule: z.string().startsWith('/', 'give an absolute path'),
  instance: z.int().min(1),
  listen: z.strictObject({ host: z.string().min(1), port }),
  admin: z.strictObject({ host: z.string().min(1), port, token: z.string().min(16) }),
  session: z.strictObject({
    secret: z.string().min(32),
    ttlSeconds: z.number().positive(),
    lifetimeSeconds: z.number().positive().optional(),
    tls: z.boolean().optional(),
  }),
  storeTimeoutMs: z.int().min(1).max(60_000),
  endpoints: z.record(z.string(), z.array(endpoint)),
  slowdown: z.strictObject({ cpuMicrosPerRequest: z.number().positive().max(100_000) }).optional(),
});

/** The configuration is missing or wrong; the message lists every mistake and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a parsed configuration file.
 * @throws ConfigError
 */
export function parseConfig(json: unknown, origin: string): AppConfig {
  const parsed = schema.safeParse(json);
  if (parsed.success) return withoutUndefined(parsed.data);
  throw new ConfigError(
    `${origin} is no configuration of the app; mend these (see servers/contract/app.ts):\n${z.prettifyError(parsed.error)}`,
  );
}

/** zod types an optional key as "may be undefined", the contract as "may be absent"; JSON knows only the latter. */
function withoutUndefined(config: z.infer<typeof schema>): AppConfig {
  return JSON.parse(JSON.stringify(config));
}

/**
 * Reads the file that the environment names.
 * @throws ConfigError
 */
export async function readConfig(env: NodeJS.ProcessEnv = process.env): Promise<AppConfig> {
  const file = env[configVariable];
  if (!file) {
    throw new ConfigError(
      `${configVariable} is not set: set it to the path of the app's configuration file.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${file} (from ${configVariable}) cannot be read as JSON: ${String(cause)}`, {
      cause,
    });
  }
  return parseConfig(json, file);
}
