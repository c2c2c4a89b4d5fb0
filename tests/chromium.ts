/** Chromium for tests that look at a page. */
import type { TestContext } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { provisionChromium } from '../infra/machine/programs/chromium.ts';

/**
 * Starts a headless Chromium that is closed when the test ends; null, with the test marked as skipped, where
 * there is none to be had.
 * @throws Error in CI, where a test that does not run is a failure.
 */
export async function startChromium(context: TestContext): Promise<Browser | null> {
  const chromium = await provisionChromium({ progress: (line) => context.diagnostic(line) });
  if (chromium.status === 'lacking') {
    const { why, remedy } = chromium.lack;
    const message = `Chromium cannot be had: ${why}. ${remedy}`;
    if (process.env.CI === 'true') throw new Error(message);
    context.skip(message);
    return null;
  }
  const browser = await puppeteer.launch({
    executablePath: chromium.path,
    args: [...chromium.args, '--disable-dev-shm-usage'],
    env: { ...process.env, ...chromium.env },
    headless: true,
  });
  context.after(() => browser.close());
  return browser;
}
