"use strict";
// Each figure as SVG and PNG for a paper: with its legend, as wide as a column, and saying inside what it was made from.
(() => {
  const template = JSON.parse(document.getElementById("plot-template").textContent);
  // Pixels of a figure that a paper prints 3.5 or 7.2 inches wide: its letters of 12 pixels are then of 7 points.
  const COLUMN = { pixels: 420, inches: 3.5 }, PAGE = { pixels: 864, inches: 7.2 };
  const SCALE = 4, INCHES_IN_METRE = 39.3701, LEGEND_ROW = 20, LETTER = 7, SWATCH = 50;
  const FONT = "Arial, Helvetica, sans-serif";
  const encoder = new TextEncoder();

  // What is drawn now: series that the legend has hidden are left out.
  function shown(canvas) {
    const figure = JSON.parse(document.getElementById(canvas.id + "-data").textContent);
    const data = figure.data.filter((trace, i) => (canvas.data?.[i] ?? trace).visible !== false);
    // Plotly would name a series without a name by its number.
    return { data: data.map((trace) => (trace.name ? trace : { ...trace, showlegend: false })), layout: figure.layout };
  }

  function laidOut(canvas, size) {
    const { data, layout } = shown(canvas);
    const names = [...canvas.closest("figure").querySelectorAll(".legend button[aria-pressed=true]")];
    const letters = names.map((name) => SWATCH + LETTER * name.textContent.trim().length);
    const rows = Math.ceil(letters.reduce((sum, each) => sum + each, 0) / size.pixels);
    const height = (layout.height || 340) + LEGEND_ROW * rows;
    const looks = { paper_bgcolor: "#fff", plot_bgcolor: "#fff", font: { ...layout.font, family: FONT, size: 12 } };
    const margin = { ...layout.margin, l: 12, r: 16, t: 16, b: 12 };
    return { data, layout: { ...layout, ...looks, template, margin, height, width: size.pixels, showlegend: rows > 0 } };
  }

  const about = (canvas) => {
    const figure = canvas.closest("figure");
    const text = (selector) => figure.querySelector(selector)?.textContent.trim() ?? "";
    const words = { title: text("h4"), label: canvas.getAttribute("aria-label"), caption: text("figcaption") };
    return JSON.stringify({ ...JSON.parse(figure.dataset.origin || "{}"), ...words });
  };

  function withMetadata(svg, origin) {
    const page = new DOMParser().parseFromString(svg, "image/svg+xml");
    const metadata = page.createElementNS("http://www.w3.org/2000/svg", "metadata");
    metadata.textContent = origin;
    page.documentElement.prepend(metadata);
    return new XMLSerializer().serializeToString(page);
  }

  // PNG: after the signature and the header chunk, 33 bytes, any others may stand.
  function crc(bytes) {
    let sum = ~0;
    for (const byte of bytes) {
      sum ^= byte;
      for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
    }
    return ~sum >>> 0;
  }

  function chunk(kind, content) {
    const bytes = new Uint8Array(12 + content.length), view = new DataView(bytes.buffer);
    view.setUint32(0, content.length);
    bytes.set(encoder.encode(kind), 4);
    bytes.set(content, 8);
    view.setUint32(8 + content.length, crc(bytes.subarray(4, 8 + content.length)));
    return bytes;
  }

  function withChunks(png, origin, size) {
    const physical = new Uint8Array(9), view = new DataView(physical.buffer);
    const dots = Math.round(SCALE * size.pixels / size.inches * INCHES_IN_METRE);
    view.setUint32(0, dots);
    view.setUint32(4, dots);
    physical[8] = 1;
    const text = encoder.encode(`etude\0\0\0\0\0${origin}`);
    return new Blob([png.subarray(0, 33), chunk("pHYs", physical), chunk("iTXt", text), png.subarray(33)],
      { type: "image/png" });
  }

  async function made(canvas, format) {
    const size = canvas.closest("figure").matches(".wide") ? PAGE : COLUMN, origin = about(canvas);
    const drawing = laidOut(canvas, size);
    const { height, width } = drawing.layout;
    const address = await Plotly.toImage(drawing, { format, height, width, scale: format === "png" ? SCALE : 1 });
    const content = address.slice(address.indexOf(",") + 1);
    if (format === "svg") {
      return new Blob([withMetadata(decodeURIComponent(content), origin)], { type: "image/svg+xml" });
    }
    return withChunks(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)), origin, size);
  }

  async function save(canvas, format) {
    const link = document.createElement("a"), { run = "etude" } = JSON.parse(about(canvas));
    link.href = URL.createObjectURL(await made(canvas, format));
    link.download = `${run}-${canvas.id}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  for (const canvas of document.querySelectorAll(".canvas")) {
    const line = document.createElement("p");
    line.className = "export";
    for (const format of ["svg", "png"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = format.toUpperCase();
      button.setAttribute("aria-label", `Save as ${format.toUpperCase()}: ${canvas.getAttribute("aria-label")}`);
      button.addEventListener("click", () => save(canvas, format));
      line.append(button, " ");
    }
    canvas.after(line);
  }
})();
