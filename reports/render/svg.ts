/** A chart as a picture of its own, for pages that are not ours: in the colours of the theme, light or dark as the reader's. */
import type { Chart } from '../document/document.ts';
import { chartSvg } from './html/charts.ts';
import { readText } from './html/files.ts';
import { escapeHtml } from './html/markup.ts';

/** @throws the system's error where the theme cannot be read */
export async function svg(chart: Chart): Promise<string> {
  const [drawn, theme] = await Promise.all([chartSvg(chart), readText('./theme.css')]);
  const name = escapeHtml(`${chart.heading}. ${chart.description}`);
  const ground = '<rect width="100%" height="100%" fill="var(--panel)"/>';
  return `${drawn.replace(/^<svg ([^>]*)>/, (_, own: string) => `<svg role="img" aria-label="${name}" ${own}><style>${theme}</style>${ground}`)}\n`;
}
