/** `report.html`: one file that needs no network, reads without scripts, and is interactive with them. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ReadRun } from '../../record/read/run.ts';
import type { Summary } from '../../record/summary.ts';
import { capacityCharts } from './charts/capacity.ts';
import type { Chart } from './charts/chart.ts';
import { forestCharts } from './charts/forest.ts';
import { latencyCharts } from './charts/latency.ts';
import { renderChart } from './charts/render.ts';
import { resourceCharts } from './charts/resources.ts';
import { spreadCharts } from './charts/spread.ts';
import { timelineCharts } from './charts/timeline.ts';
import { validityCharts } from './charts/validity.ts';
import { html, jsonIsland, type Markup, trusted } from './markup.ts';
import { type Model, modelOf } from './model.ts';
import { named, type Plots } from './parts.ts';
import { capacitySection } from './sections/capacity.ts';
import { checksSection } from './sections/checks.ts';
import { comparisonsSection } from './sections/comparisons.ts';
import { correctnessSection } from './sections/correctness.ts';
import { latencySection } from './sections/latency.ts';
import { findingsSection, masthead, overviewSection } from './sections/opening.ts';
import { resourcesSection } from './sections/resources.ts';
import { readingSection, settingSection } from './sections/setting.ts';
import { everyTrialSection, spreadSection, timelineSection } from './sections/trials.ts';
import { validitySection } from './sections/validity.ts';

export async function htmlReport(run: ReadRun, summary: Summary): Promise<string> {
  const model = modelOf(run, summary);
  const capacity = capacityCharts(model);
  // The trials of a search are at many rates, each strategy's at its own: drawn together they would compare nothing.
  const drawn = (charts: (model: Model) => Chart[]): Chart[] =>
    run.record.design.kind === 'search' ? [] : charts(model);
  const charts = {
    forest: drawn(forestCharts),
    latency: drawn(latencyCharts),
    resources: drawn(resourceCharts),
    spread: drawn(spreadCharts),
    timeline: drawn(timelineCharts),
    validity: drawn(validityCharts),
  };
  const all = [...capacity.bars, ...capacity.searches, ...Object.values(charts).flat()];
  const plots = await renderAll(all);
  const [style, scripts] = await Promise.all([readText('./style.css'), scriptTexts(all.length > 0)]);
  const body = html`<a class="skip" href="#findings">Skip to the findings</a>
<main>
${masthead(model)}
${findingsSection(model)}
${capacitySection(model, capacity, plots)}
${overviewSection(model)}
${run.record.design.kind === 'search' ? null : comparisonsSection(model, charts.forest, plots)}
${run.record.design.kind === 'search' ? null : legend(model)}
${run.record.design.kind === 'search' ? null : latencySection(model, charts.latency, plots)}
${resourcesSection(model, charts.resources, plots)}
${correctnessSection(model)}
${spreadSection(model, charts.spread, plots)}
${timelineSection(model, charts.timeline, plots)}
${validitySection(model, charts.validity, plots)}
${run.record.design.kind === 'search' ? null : checksSection(model)}
${settingSection(model)}
${everyTrialSection(model)}
${readingSection()}
</main>`;
  const island = Object.fromEntries(all.map(({ id, spec }) => [id, spec]));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>session-bench ${summary.runId}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${body}
<script type="application/json" id="charts">${jsonIsland(island)}</script>
${scripts.map((text) => html`<script>${trusted(text)}</script>\n`)}</body>
</html>
`.text;
}

async function renderAll(charts: readonly Chart[]): Promise<Plots> {
  const plots = new Map<string, Markup>();
  for (const chart of charts) plots.set(chart.id, await renderChart(chart));
  return plots;
}

function legend({ measured }: Model): Markup | null {
  if (measured.length < 2) return null;
  return html`<div class="legend"><ul aria-label="Strategies in the charts">${measured.map(
    (strategy) => html`<li data-strategy="${strategy.label}">${named(strategy)}</li>`,
  )}</ul></div>\n`;
}

/** The only scripts that run are those of this file, by their hash; nothing is fetched. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return `default-src 'none'; script-src ${hashes.join(' ') || "'none'"}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

const readText = (relative: string): Promise<string> => readFile(new URL(relative, import.meta.url), 'utf8');

/** Vega, Vega-Lite and vega-embed as their packages bring them for browsers, then the page's own script. */
async function scriptTexts(interactive: boolean): Promise<string[]> {
  if (!interactive) return [];
  return Promise.all(
    [
      readFile(browserBundle('vega'), 'utf8'),
      readFile(browserBundle('vega-lite'), 'utf8'),
      readFile(browserBundle('vega-embed'), 'utf8'),
      readText('./client.js'),
    ].map((text) => text.then(withoutSourceMap)),
  );
}

const browserBundle = (name: string): string =>
  fileURLToPath(new URL(`../../node_modules/${name}/build/${name}.min.js`, import.meta.url));

/** A source map named there is not part of the file, and a browser's tools would look for it. */
const withoutSourceMap = (text: string): string => text.replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, '');
