/** One HTML file that needs no network, reads without scripts, and is interactive with them. */
import { createHash } from 'node:crypto';
import type { Block, Chart, Document } from '../../document/document.ts';
import { sectionsFor } from '../../document/plain.ts';
import { type Drawings, sectionHtml } from './blocks.ts';
import { drawnChart } from './charts.ts';
import { chooseScript } from './choose/bundle.ts';
import { readText } from './files.ts';
import { jsonIsland, type Markup, html as markup, trusted } from './markup.ts';
import { inline } from './text.ts';

export interface PageOptions {
  /** `live`: they answer to the pointer, which takes some 850 kB of scripts; `drawn`: as they are without scripts. */
  readonly charts?: 'live' | 'drawn';
}

/** @throws the system's error where the packages' files for browsers cannot be read */
export async function html(document: Document, { charts: kind = 'live' }: PageOptions = {}): Promise<string> {
  const sections = sectionsFor(document.sections, 'page');
  const charts = sections.flatMap(({ blocks }) => chartsOf(blocks));
  const live = kind === 'live' ? charts : [];
  const [theme, style, scripts, drawings] = await Promise.all([
    readText('./theme.css'),
    readText('./style.css'),
    scriptTexts(live.length > 0, asksToChoose(sections)),
    drawAll(charts),
  ]);
  const [first] = sections;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${document.title} ${document.subject}</title>
<link rel="icon" href="data:,">
<style>${trusted(theme)}${trusted(style)}</style>
</head>
<body>
${first ? markup`<a class="skip" href="#${first.id}">Skip to: ${first.heading}</a>` : ''}
<main>
${masthead(document)}
${sections.map((section) => sectionHtml(section, drawings))}
</main>
<script type="application/json" id="charts">${jsonIsland(Object.fromEntries(live.map(({ id, spec }) => [id, spec])))}</script>
${scripts.map((text) => markup`<script>${trusted(text)}</script>\n`)}</body>
</html>
`.text;
}

/** A number and its unit stay on one line. */
const unbroken = (text: string): string => text.replace(/(\d) (%|µs|ms)(?!\w)/g, '$1\u00a0$2');

function masthead({ title, subject, answer, details, setting }: Document): Markup {
  const points = details.map((sentence) => markup`<li>${unbroken(sentence)}</li>`);
  return markup`<header>
<p class="kicker">${title} <span>${subject}</span></p>
<h1 class="${answer.tone}">${unbroken(answer.text)}</h1>
${points.length === 0 ? '' : markup`<ul class="points">${points}</ul>`}
<p class="facts">${inline(setting)}</p>
</header>\n`;
}

const chartsOf = (blocks: readonly Block[]): Chart[] =>
  blocks.flatMap((block) => {
    if (block.kind === 'charts') return block.charts;
    return block.kind === 'details' ? chartsOf(block.blocks) : [];
  });

async function drawAll(charts: readonly Chart[]): Promise<Drawings> {
  const drawings = new Map<string, Markup>();
  for (const chart of charts) drawings.set(chart.id, await drawnChart(chart));
  return drawings;
}

/** The only scripts that run are those of this file, by their hash; nothing is fetched. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `default-src 'none'; script-src ${hashes.join(' ') || "'none'"}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** Vega, Vega-Lite and vega-embed as their packages bring them for browsers, then the page's own script. */
async function scriptTexts(interactive: boolean, chooses: boolean): Promise<string[]> {
  return [...(interactive ? await chartScripts() : []), ...(chooses ? [await chooseScript()] : [])];
}

const asksToChoose = (sections: readonly { readonly blocks: readonly Block[] }[]): boolean =>
  sections.some(({ blocks }) => blocks.some(({ kind }) => kind === 'choose'));

async function chartScripts(): Promise<string[]> {
  const bundles = ['vega', 'vega-lite', 'vega-embed'].map((name) => readText(browserBundle(name)));
  const texts = await Promise.all([...bundles, readText('./client.js')]);
  return texts.map(withoutSourceMap);
}

/** Packages name their module for Node.js alone; the file for browsers lies in the same folder. */
const browserBundle = (name: string): string => new URL(`${name}.min.js`, import.meta.resolve(name)).href;

/** A source map named there is not part of the file, and a browser's tools would look for it. */
const withoutSourceMap = (text: string): string => text.replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, '');
