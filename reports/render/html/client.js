// Puts interactive charts in place of the rendered ones. Without this script the page is complete.
(() => {
  'use strict';
  const root = document.documentElement;
  const specs = JSON.parse(document.getElementById('charts').textContent);
  const views = [];
  const options = {
    mode: 'vega-lite',
    renderer: 'svg',
    actions: false,
    // Expressions are interpreted, so that the page's policy can forbid eval.
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  async function enliven(plot) {
    const host = document.createElement('div');
    const { view } = await vegaEmbed(host, specs[plot.dataset.chart], options);
    const svg = host.querySelector('svg');
    svg.setAttribute('aria-hidden', 'true');
    svg.setAttribute('focusable', 'false');
    plot.replaceChildren(host);
    views.push(view);
  }

  const setEverywhere = (name, value) => {
    for (const view of views) {
      if (!(name in view.getState({ signals: (each) => each === name, data: () => false }).signals)) continue;
      view.signal(name, value).runAsync();
    }
  };

  function enlivenLegend() {
    const muted = new Set();
    for (const item of document.querySelectorAll('.legend [data-strategy]')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', 'true');
      button.append(...item.childNodes);
      item.append(button);
      button.addEventListener('click', () => {
        const { strategy } = item.dataset;
        if (!muted.delete(strategy)) muted.add(strategy);
        button.setAttribute('aria-pressed', String(!muted.has(strategy)));
        setEverywhere('muted', [...muted]);
      });
    }
  }

  function enlivenSwitches() {
    for (const box of document.querySelectorAll('input[data-parameter]'))
      box.addEventListener('change', () => setEverywhere(box.dataset.parameter, box.checked));
  }

  // Between two charts the page may answer its reader.
  const pause = () => new Promise((resolve) => setTimeout(resolve));

  async function start() {
    try {
      for (const plot of document.querySelectorAll('.plot[data-chart]')) {
        await enliven(plot);
        await pause();
      }
      enlivenLegend();
      enlivenSwitches();
      root.classList.add('live');
      root.dataset.charts = 'live';
    } catch {
      root.dataset.charts = 'static';
    }
  }
  start();
})();
