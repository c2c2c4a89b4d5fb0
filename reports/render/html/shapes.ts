/** Vega's symbols as SVG paths within 16 × 16, so that the page's own marks are those of its charts. */
import type { Shape } from '../../document/document.ts';

export const shapePaths: Readonly<Record<Shape, string>> = {
  circle: 'M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0 -9z',
  square: 'M4 4h8v8h-8z',
  'triangle-up': 'M8 3.2L13 12.4H3z',
  diamond: 'M8 2.6L13 8L8 13.4L3 8z',
  cross: 'M6.2 3h3.6v3.2H13v3.6H9.8V13H6.2V9.8H3V6.2h3.2z',
  'triangle-down': 'M8 12.8L13 3.6H3z',
  'triangle-right': 'M12.8 8L3.6 3v10z',
  'triangle-left': 'M3.2 8L12.4 3v10z',
  block: 'M2 2h12v12h-12z',
};
