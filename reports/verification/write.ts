/** The files that tell of a verification; each can be made again from its record. */
import path from 'node:path';
import type { VerificationRecord } from '../../record/verification.ts';
import { replaceResult } from '../../record/write.ts';
import { html } from '../render/html/index.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { verificationPage } from './page.ts';

export interface VerificationFiles {
  readonly html: string;
  readonly markdown: string;
  readonly junit: string;
}

/**
 * Writes `verification.html`, `verification.md` and `verification.junit.xml`.
 * @param out a folder that exists
 * @throws UserError when a file cannot be written
 */
export async function writeVerification(record: VerificationRecord, out: string): Promise<VerificationFiles> {
  const document = verificationPage(record);
  const files = {
    html: path.join(out, 'verification.html'),
    markdown: path.join(out, 'verification.md'),
    junit: path.join(out, 'verification.junit.xml'),
  };
  // The small ones first: they may fit where the page does not.
  await replaceResult(files.markdown, markdown(document));
  await replaceResult(files.junit, junit(document));
  await replaceResult(files.html, await html(document));
  return files;
}
