"use strict";
(() => {
  const text = (id) => document.getElementById(id).textContent;
  // In the dark, colours of ink and paper change places; the rest stay, as the words of the page name them.
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const tones = JSON.parse(text("plot-dark"));
  const toned = new RegExp(Object.keys(tones).map((each) => each.replace(/[()]/g, "\\$&")).join("|"), "gi");
  let paper = false;
  const config = { displayModeBar: false, responsive: true, staticPlot: false };
  const canvases = [...document.querySelectorAll(".canvas")];
  const PRINTED = { whole: 660, half: 318 };
  // In a book plotly lies beside the pages. To read it takes longer than all else, so that waits until a page is shown.
  const beside = document.currentScript.dataset.plotly;
  let reading = null;

  function plotly() {
    reading ??= new Promise((done) => {
      const script = document.createElement("script");
      Object.assign(script, { src: beside, onload: done });
      document.head.append(script);
    });
    return reading;
  }
  if (beside && canvases.length) addEventListener("load", () => requestIdleCallback(plotly));

  function draw(canvas) {
    if (canvas.dataset.drawn) return;
    if (!window.Plotly) {
      plotly().then(() => draw(canvas));
      return;
    }
    canvas.dataset.drawn = "yes";
    const { data, layout } = drawing(canvas, scheme.matches && !paper);
    Plotly.newPlot(canvas, data, layout, config);
  }

  // The traces and the layout of a figure.
  function drawing(canvas, dark) {
    const [figure, template] = [`${canvas.id}-data`, "plot-template"].map((id) =>
      JSON.parse(dark ? text(id).replace(toned, (colour) => tones[colour.toLowerCase()]) : text(id)));
    return { data: figure.data, layout: { ...figure.layout, template } };
  }

  function again() {
    for (const canvas of canvases) {
      if (!canvas.dataset.drawn) continue;
      const { data, layout } = drawing(canvas, scheme.matches && !paper);
      data.forEach((trace, i) => { trace.visible = canvas.data[i].visible; });
      Plotly.react(canvas, data, layout, config);
    }
  }
  scheme.addEventListener("change", again);

  // A figure is drawn when it comes near the screen: drawing all at once would keep the page from showing.
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "300px 0px" });
  canvases.forEach((canvas) => seen.observe(canvas));

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".legend button");
    if (!button) return;
    const canvas = button.closest("figure").querySelector(".canvas");
    if (!window.Plotly) {
      plotly().then(() => button.click());
      return;
    }
    const shown = button.getAttribute("aria-pressed") !== "true";
    draw(canvas);
    const traces = canvas.data.map((trace, i) => [trace.legendgroup || trace.name, i]);
    const indices = traces.filter(([group]) => group === button.dataset.group).map(([, i]) => i);
    button.setAttribute("aria-pressed", String(shown));
    Plotly.restyle(canvas, { visible: shown }, indices);
  });

  // Paper shows what a screen hides: every figure, and what is folded away.
  let folded = [];
  addEventListener("beforeprint", () => {
    paper = true;
    if (scheme.matches) again();
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((details) => { details.open = true; });
    for (const canvas of window.Plotly ? canvases : []) {
      draw(canvas);
      const alone = canvas.closest(".grid, .wide");
      Plotly.relayout(canvas, { width: alone?.matches(".grid") ? PRINTED.half : PRINTED.whole });
    }
  });
  addEventListener("afterprint", () => {
    paper = false;
    if (scheme.matches) again();
    folded.forEach((details) => { details.open = false; });
    canvases.filter((canvas) => canvas.dataset.drawn).forEach((canvas) => Plotly.relayout(canvas, { width: null, autosize: true }));
  });

  const contents = document.querySelector(".toc details");
  if (contents) contents.open = matchMedia("(min-width: 1100px)").matches;
})();
