/** Renders charts to SVG when the report is made, for readers without scripts, for print, and for the first sight. */
import { type Chart, pointerLayer } from '../../document/document.ts';
import { type Markup, trusted } from './markup.ts';

declare module 'vega' {
  /** Exported by vega, missing in its types. */
  export const textMetrics: { width(item: { readonly fontSize?: number }, text: unknown): number };
}

/**
 * Width of a character as a share of the font size, for text of an axis in common sans-serif fonts. Vega's own guess
 * without a canvas is 0.8, which leaves half of the room for labels empty.
 */
const characterWidth = 0.58;
const capitalWidth = 0.75;

const widthInEm = (text: string): number =>
  [...text].reduce((sum, each) => sum + (/\p{Lu}/u.test(each) ? capitalWidth : characterWidth), 0);

/** Layers that only catch the pointer have nothing to show. */
function withoutPointerLayers(spec: Chart['spec']): Chart['spec'] {
  if (!('layer' in spec)) return spec;
  return { ...spec, layer: spec.layer.filter(({ name }) => name !== pointerLayer) };
}

/** An SVG element by itself; its colours are custom properties. */
export async function chartSvg({ spec }: Chart): Promise<string> {
  // Loaded here, since every command imports the reports: to load them takes as long as all else that a command loads.
  const [{ parse, textMetrics, View }, { compile }] = await Promise.all([
    import('vega'),
    import('vega-lite'),
  ]);
  textMetrics.width = ({ fontSize = 11 }, text) => widthInEm(String(text)) * fontSize;
  const view = new View(parse(compile(withoutPointerLayers(spec)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return withoutUndrawn(svg);
}

/** Vega writes a path for each group, also where it draws none. */
const withoutUndrawn = (svg: string): string => svg.replace(/<path [^>]* d="" display="none"\/>/g, '');

export async function drawnChart(chart: Chart): Promise<Markup> {
  // The figure around it carries the description; the size comes from the page's grid.
  return trusted((await chartSvg(chart)).replace(/^<svg /, '<svg aria-hidden="true" focusable="false" '));
}
