/** Makes every output of a comparison. */
import path from 'node:path';
import { type Comparison, comparison as comparisonSchema } from '../../record/gate.ts';
import { replaceResult } from '../../record/write.ts';
import { html } from '../render/html/index.ts';
import { junit } from '../render/junit.ts';
import { markdown } from '../render/markdown.ts';
import { comparisonPage } from './page.ts';

export interface ComparisonFiles {
  readonly json: string;
  readonly html: string;
  readonly markdown: string;
  readonly junit: string;
}

/**
 * Writes `<name>.json`, `<name>.html`, `<name>.md` and `<name>.junit.xml`.
 * @param out a folder that exists
 * @throws UserError when a file cannot be written
 */
export async function writeComparison(
  comparison: Comparison,
  out: string,
  name = 'comparison',
): Promise<ComparisonFiles> {
  const files = {
    json: path.join(out, `${name}.json`),
    html: path.join(out, `${name}.html`),
    markdown: path.join(out, `${name}.md`),
    junit: path.join(out, `${name}.junit.xml`),
  };
  const page = comparisonPage(comparison);
  await replaceResult(files.json, comparisonSchema.parse(comparison));
  await replaceResult(files.html, await html(page));
  await replaceResult(files.markdown, markdown(page));
  await replaceResult(files.junit, junit(page));
  return files;
}
