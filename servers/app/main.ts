/** The app process: reads its configuration, serves until SIGTERM or SIGINT, then stops. */
import { readConfig } from './config.ts';
import { startApp } from './running-app.ts';

/** In-flight requests end within the store's time-out; the rest is margin. */
const stopMarginMs = 2_000;

async function main(): Promise<void> {
  const config = await readConfig();
  const app = await startApp(config);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    const clean = await app.stop(config.storeTimeoutMs + stopMarginMs);
    process.exit(clean ? 0 : 1);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? `${error.name}: ${error.message}` : error);
  process.exit(1);
});
