/** Reads and checks the app's configuration. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type AppConfig, appConfig } from '../contract/app.ts';
import { messageOf } from '../lib/message-of.ts';

const configVariable = 'SESSION_APP_CONFIG';

/** Twelve times the idle life: 12 hours where an hour of idleness ends a session. */
const absoluteLifetimeFactor = 12;

/** Absolute life of a session, from login. */
export const lifetimeSecondsOf = ({ session }: AppConfig): number =>
  session.lifetimeSeconds ?? session.ttlSeconds * absoluteLifetimeFactor;

/** The configuration is missing or wrong; the message lists every mistake and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a parsed configuration file.
 * @throws ConfigError
 */
export function parseConfig(json: unknown, origin: string): AppConfig {
  const parsed = appConfig.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `${origin} is not a configuration of the app. Correct these (see servers/contract/app.ts):\n${z.prettifyError(parsed.error)}`,
  );
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
  return parseConfig(await readJson(file), file);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${file} (from ${configVariable}) cannot be read as JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
}
