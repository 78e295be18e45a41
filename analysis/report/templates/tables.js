"use strict";
(() => {
  // Every table with a head can be sorted and taken out; one with data-tools="full" can be filtered and its columns
  // hidden, too. Its rows are those of the page, or columns of JSON of which only the rows on the screen are made.
  // The state of a table is in the fragment of the address: #findings?sort=-n&document=Fagan;trials?q=lenet
  const collator = new Intl.Collator("en", { numeric: true });
  const MINUS = "−", MISSING = "–", ROW = 33, AROUND = 12, PRINTED = 200;
  const tables = new Map();

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };
  const spaced = (text) => text.replace(/\s+/g, " ").trim();

  function places(texts) {
    const words = [...new Set(texts)].sort(collator.compare);
    const place = new Map(words.map((word, i) => [word, i]));
    return texts.map((text) => (text === "" || text === MISSING ? NaN : place.get(text)));
  }

  class HtmlRows {
    constructor(table) {
      this.table = table;
      this.rows = [...table.tBodies[0].rows];
      this.heads = [...table.tHead.rows[0].cells].map((head, i) => ({
        name: head.dataset.name || String(i + 1),
        title: spaced(head.textContent),
        filter: "filter" in head.dataset,
        hidden: head.hidden,
        numeric: head.classList.contains("figure"),
        parts: head.dataset.parts ? JSON.parse(head.dataset.parts) : null,
        cell: head,
      }));
    }
    get count() { return this.rows.length; }
    cell(row, column) { return this.rows[row].cells[column]; }
    text(row, column) {
      const cell = this.cell(row, column);
      return cell.dataset.text ?? spaced(cell.textContent);
    }
    value(row, column) {
      const known = this.cell(row, column).dataset.value;
      return known === undefined || known === "" || !Number.isFinite(Number(known)) ? null : Number(known);
    }
    parts(row, column) {
      const parts = this.cell(row, column).dataset.parts;
      return parts ? JSON.parse(parts) : null;
    }
    facets(row, column) {
      const facets = this.cell(row, column).dataset.facets;
      return facets ? JSON.parse(facets) : [this.text(row, column)];
    }
    has(column, wanted) { return (row) => this.facets(row, column).includes(wanted); }
    choices(column) {
      const found = new Set(this.rows.flatMap((_, row) => this.facets(row, column)));
      return [...found].filter((text) => text && text !== MISSING).sort(collator.compare);
    }
    keys(column) {
      const values = this.rows.map((_, row) => this.value(row, column));
      if (values.some((value) => value !== null)) return Float64Array.from(values, (value) => value ?? NaN);
      return Float64Array.from(places(this.rows.map((_, row) => this.text(row, column))));
    }
    search(row) { return this.rows[row].textContent; }
    hide(column, hidden) {
      for (const row of [this.table.tHead.rows[0], ...this.rows]) row.cells[column].hidden = hidden;
    }
    show(order) {
      const shown = Array.from(order, (row) => this.rows[row]);
      const kept = new Set(shown);
      for (const row of this.rows) row.hidden = !kept.has(row);
      this.table.tBodies[0].append(...shown);
    }
  }

  // Columns of JSON: {name, title, form, filter, hidden, numbers: [...]} or {..., words: [... in order], codes: [...]}.
  class DataRows {
    constructor(table, data) {
      this.table = table;
      this.box = table.parentElement;
      this.count = data.rows;
      this.columns = data.columns;
      this.heads = data.columns.map((column, i) => {
        const head = table.tHead.rows[0].cells[i];
        return { ...column, numeric: "numbers" in column, parts: null, cell: head };
      });
      this.order = [];
      this.waiting = false;
      this.box.addEventListener("scroll", () => {
        if (this.waiting) return;
        this.waiting = true;
        requestAnimationFrame(() => { this.waiting = false; this.paint(); });
      });
      addEventListener("resize", () => this.paint());
    }
    value(row, column) { return this.columns[column].numbers?.[row] ?? null; }
    text(row, column) {
      const { numbers, words, codes, form } = this.columns[column];
      if (words) return words[codes[row]];
      const value = numbers[row];
      if (value === null) return MISSING;
      if (form === "share") return `${(100 * value).toFixed(1)} %`;
      if (form === "duration") return duration(value);
      const text = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
      return text.replace("-", MINUS);
    }
    parts() { return null; }
    has(column, wanted) {
      const { words, codes } = this.columns[column];
      if (!words) return (row) => this.text(row, column) === wanted;
      const code = words.indexOf(wanted);
      return (row) => codes[row] === code;
    }
    choices(column) { return this.columns[column].words.filter((word) => word !== ""); }
    keys(column) {
      const { numbers, words, codes } = this.columns[column];
      if (numbers) return Float64Array.from(numbers, (value) => value ?? NaN);
      return Float64Array.from(codes, (code) => (words[code] === "" ? NaN : code));
    }
    search(row) { return this.columns.map((_, column) => this.text(row, column)).join(" "); }
    hide(column, hidden) {
      this.heads[column].hidden = hidden;
      this.heads[column].cell.hidden = hidden;
      this.table.querySelectorAll("col")[column].hidden = hidden;
    }
    show(order) {
      this.order = order;
      this.table.setAttribute("aria-rowcount", String(order.length + 1));
      this.box.scrollTop = 0;
      this.paint();
    }
    paint(printing = false) {
      const seen = printing ? PRINTED : Math.ceil(this.box.clientHeight / ROW) + 2 * AROUND;
      const first = printing ? 0 : Math.max(0, Math.floor(this.box.scrollTop / ROW) - AROUND);
      const last = Math.min(this.order.length, first + seen);
      const rows = [];
      for (let place = first; place < last; place++) rows.push(this.row(this.order[place], place));
      const rest = printing ? 0 : this.order.length - last;
      this.table.tBodies[0].replaceChildren(room(first), ...rows, room(rest));
    }
    row(row, place) {
      const made = element("tr");
      made.setAttribute("aria-rowindex", String(place + 2));
      this.heads.forEach((head, column) => {
        if (head.hidden) return;
        const text = this.text(row, column);
        made.append(element("td", { textContent: text, title: text, className: head.numeric ? "figure" : "" }));
      });
      return made;
    }
  }

  function room(rows) {
    const made = element("tr", { className: "room" });
    made.setAttribute("aria-hidden", "true");
    made.style.height = `${rows * ROW}px`;
    return made;
  }

  function duration(seconds) {
    for (const [size, unit] of [[3600, "h"], [60, "min"]]) if (seconds >= size) return `${(seconds / size).toFixed(1)} ${unit}`;
    return `${seconds.toFixed(1)} s`;
  }

  class View {
    constructor(table) {
      const data = document.getElementById(`${table.id}-data`);
      this.table = table;
      this.rows = data ? new DataRows(table, JSON.parse(data.textContent)) : new HtmlRows(table);
      this.heads = this.rows.heads;
      this.usual = this.heads.map((head) => head.hidden);
      this.full = table.dataset.tools === "full";
      this.texts = null;
      this.state = this.blank();
      this.heads.forEach((head, column) => this.sortable(head, column));
      this.place(this.tools());
      tables.set(table.id, this);
    }

    blank() { return { sort: null, up: true, query: "", wanted: {}, hidden: [...this.usual] }; }

    sortable(head, column) {
      const button = element("button", { type: "button" });
      button.append(...head.cell.childNodes);
      head.cell.append(button);
      button.addEventListener("click", () => {
        const again = this.state.sort === column;
        this.state.up = again ? !this.state.up : true;
        this.state.sort = column;
        this.changed();
      });
    }

    place(tools) {
      const outside = this.table.parentElement.classList.contains("scroll") ? this.table.parentElement : this.table;
      outside.before(tools);
    }

    tools() {
      const tools = element("div", { className: this.full ? "tools full" : "tools" });
      if (this.full) tools.append(this.searching(), this.filters(), this.hiding());
      tools.append(this.taking());
      this.bar = tools;
      this.says = element("output", { className: "quiet small" });
      this.says.setAttribute("aria-live", "polite");
      if (this.full) tools.append(this.says);
      return tools;
    }

    searching() {
      this.input = element("input", { type: "search", autocomplete: "off" });
      this.input.dataset.tool = "search";
      this.input.addEventListener("input", () => { this.state.query = this.input.value; this.changed(); });
      return element("label", {}, "Search ", this.input);
    }

    filters() {
      this.selects = new Map();
      const menu = element("span", { className: "selects" });
      this.heads.forEach((head, column) => {
        if (!head.filter) return;
        const choices = this.rows.choices(column);
        if (choices.length < 2) return;
        const select = element("select", {}, element("option", { value: "" }, "any"));
        select.append(...choices.map((choice) => element("option", { value: choice }, choice)));
        select.dataset.tool = head.name;
        select.addEventListener("change", () => {
          if (select.value) this.state.wanted[head.name] = select.value;
          else delete this.state.wanted[head.name];
          this.changed();
        });
        this.selects.set(head.name, select);
        menu.append(element("label", {}, `${head.title} `, select), " ");
      });
      return menu;
    }

    hiding() {
      const list = element("div", { className: "choices" });
      this.boxes = this.heads.map((head, column) => {
        const box = element("input", { type: "checkbox", checked: !head.hidden });
        box.addEventListener("change", () => { this.state.hidden[column] = !box.checked; this.changed(); });
        list.append(element("label", {}, box, ` ${head.title}`));
        return box;
      });
      return element("details", { className: "menu" }, element("summary", {}, "Columns"), list);
    }

    taking() {
      const list = element("div", { className: "choices" });
      for (const [name, ending, write] of [["CSV", "csv", csv], ["Markdown", "md", markdown], ["LaTeX", "tex", latex]]) {
        const button = element("button", { type: "button" }, name);
        button.addEventListener("click", () => save(`${this.table.id || "table"}.${ending}`, write(this.shown())));
        list.append(button);
      }
      return element("details", { className: "menu" }, element("summary", {}, "Export"), list);
    }

    get columns() { return this.heads.map((_, column) => column).filter((column) => !this.state.hidden[column]); }

    // What is on the screen: heads, and rows of cells with their text, value and parts.
    shown() {
      const caption = spaced(this.table.caption?.textContent ?? "");
      const columns = this.columns, heads = columns.map((column) => this.heads[column]);
      const cell = (row) => (column) => ({
        text: this.rows.text(row, column), value: this.rows.value(row, column), parts: this.rows.parts(row, column),
      });
      return { caption, heads, rows: Array.from(this.order, (row) => columns.map(cell(row))) };
    }

    selected() {
      const tests = Object.entries(this.state.wanted).flatMap(([name, wanted]) => {
        const column = this.heads.findIndex((head) => head.name === name);
        return column < 0 ? [] : [this.rows.has(column, wanted)];
      });
      const query = this.state.query.trim().toLowerCase();
      if (query) {
        this.texts ??= Array.from({ length: this.rows.count }, (_, row) => this.rows.search(row).toLowerCase());
        tests.push((row) => this.texts[row].includes(query));
      }
      const kept = new Uint32Array(this.rows.count);
      let count = 0;
      for (let row = 0; row < this.rows.count; row++) if (tests.every((test) => test(row))) kept[count++] = row;
      return kept.subarray(0, count);
    }

    // Rows without a value are last in both directions; equal ones keep their order.
    sorted(rows) {
      if (this.state.sort === null) return rows;
      const keys = this.rows.keys(this.state.sort), sign = this.state.up ? 1 : -1;
      for (let i = 0; i < keys.length; i++) keys[i] = Number.isNaN(keys[i]) ? Infinity : sign * keys[i];
      return rows.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
    }

    update() {
      this.heads.forEach((head, column) => {
        const hidden = this.state.hidden[column];
        if (head.cell.hidden !== hidden) this.rows.hide(column, hidden);
        if (this.state.sort === column) head.cell.setAttribute("aria-sort", this.state.up ? "ascending" : "descending");
        else head.cell.removeAttribute("aria-sort");
      });
      this.order = this.sorted(this.selected());
      this.rows.show(this.order);
      if (!this.full) return;
      const all = this.rows.count;
      this.says.textContent = this.order.length === all ? `${all} shown` : `${this.order.length} of ${all} shown`;
      this.input.value = this.state.query;
      this.boxes.forEach((box, column) => { box.checked = !this.state.hidden[column]; });
      this.selects.forEach((select, name) => { select.value = this.state.wanted[name] ?? ""; });
    }

    changed() {
      this.update();
      const parts = [...tables.values()].map((view) => view.fragment()).filter(Boolean);
      history.replaceState(null, "", parts.length ? `#${parts.join(";")}` : location.href.split("#")[0]);
    }

    fragment() {
      const { sort, up, query, wanted, hidden } = this.state;
      const found = new URLSearchParams();
      if (sort !== null) found.set("sort", (up ? "" : "-") + this.heads[sort].name);
      if (query) found.set("q", query);
      for (const [name, value] of Object.entries(wanted)) found.set(name, value);
      if (hidden.some((each, i) => each !== this.usual[i])) {
        found.set("columns", this.columns.map((column) => this.heads[column].name).join(","));
      }
      return found.size ? `${this.table.id}?${found}` : "";
    }

    read(parameters) {
      this.state = this.blank();
      for (const [name, value] of parameters) {
        if (name === "sort") {
          const column = this.heads.findIndex((head) => head.name === value.replace(/^-/, ""));
          if (column >= 0) Object.assign(this.state, { sort: column, up: !value.startsWith("-") });
        } else if (name === "q") this.state.query = value;
        else if (name === "columns") this.state.hidden = this.heads.map((head) => !value.split(",").includes(head.name));
        else this.state.wanted[name] = value;
      }
      this.update();
    }
  }

  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const plain = ({ text, value }) => (value === null ? (text === MISSING ? "" : text) : String(value));

  function csv({ heads, rows }) {
    const titles = heads.flatMap((head) => (head.parts ?? [""]).map((part) => [head.title, part].filter(Boolean).join(": ")));
    const lines = rows.map((cells) => cells.flatMap((cell, i) => {
      if (!heads[i].parts) return [plain(cell)];
      return (cell.parts ?? heads[i].parts.map((_, j) => (j ? null : cell.text))).map((part) => String(part ?? ""));
    }));
    return [titles, ...lines].map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  function markdown({ heads, rows }) {
    const line = (texts) => `| ${texts.map((text) => text.replace(/[\\|]/g, "\\$&").replaceAll("<", "&lt;") || MISSING).join(" | ")} |`;
    const rule = `|${heads.map((head) => (head.numeric ? "--:" : "---")).join("|")}|`;
    return [line(heads.map((head) => head.title)), rule, ...rows.map((cells) => line(cells.map((cell) => cell.text)))].join("\n") + "\n";
  }

  const IN_LATEX = {
    "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%", "_": "\\_",
    "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "$<$", ">": "$>$", "|": "$|$", [MINUS]: "$-$", "×": "$\\times$",
    "±": "$\\pm$", "≥": "$\\geq$", "≤": "$\\leq$", "→": "$\\to$", "·": "$\\cdot$", "–": "--", "…": "\\dots{}",
    "“": "``", "”": "''", "’": "'", "\u202f": "\\,", "\u00a0": "~", "✓": "", "✗": "", "○": "", "µ": "$\\mu$",
  };
  const escaped = (text) => text.replace(/[\\{}$&#%_^~<>|−×±≥≤→·–…“”’\u202f\u00a0✓✗○µ]/g, (character) => IN_LATEX[character]).trim();
  const WIDE = 32;

  function latex({ caption, heads, rows }) {
    const wide = heads.map((_, i) => rows.some((cells) => cells[i].text.length > WIDE));
    const share = (0.8 / Math.max(2, wide.filter(Boolean).length)).toFixed(2);
    const columns = heads.map((head, i) => (head.numeric ? "r" : wide[i] ? `p{${share}\\linewidth}` : "l")).join("");
    const line = (texts) => `${texts.map(escaped).join(" & ")} \\\\`;
    return [
      "% \\usepackage{booktabs}",
      `% ${document.title}: ${caption}`,
      `\\begin{tabular}{${columns}}`, "\\toprule", line(heads.map((head) => head.title)), "\\midrule",
      ...rows.map((cells) => line(cells.map((cell) => cell.text))), "\\bottomrule", "\\end{tabular}", "",
    ].join("\n");
  }

  function save(name, text) {
    const link = element("a", { download: name, href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  // A view that is linked to: #table?name=value;other?name=value
  function follow() {
    const parts = location.hash.slice(1).split(";").map((part) => part.split("?")).filter((part) => part.length > 1);
    const found = new Map(parts.map(([id, ...rest]) => [decodeURIComponent(id), new URLSearchParams(rest.join("?"))]));
    for (const view of tables.values()) if (found.has(view.table.id)) view.read(found.get(view.table.id));
    const [first] = found.keys();
    if (tables.has(first)) open(tables.get(first).bar);
    else if (!parts.length && location.hash) open(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  }

  // What is linked to is shown, also where it is folded away or filtered out.
  function open(target) {
    if (!target) return;
    for (let around = target.parentElement; around; around = around.parentElement) if (around.tagName === "DETAILS") around.open = true;
    const view = tables.get(target.closest("table")?.id);
    if (view && target.closest("tr")?.hidden) view.read([]);
    target.scrollIntoView();
  }

  for (const table of document.querySelectorAll("table")) {
    const data = table.id && document.getElementById(`${table.id}-data`);
    if (!table.tHead || "fixed" in table.dataset || (!data && table.tBodies[0].rows.length < 2)) continue;
    table.id ||= `table-${tables.size + 1}`;
    table.classList.add("sortable");
    new View(table).update();
  }
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", () => tables.forEach((view) => view.rows.paint?.(true)));
  addEventListener("afterprint", () => tables.forEach((view) => view.rows.paint?.()));
  follow();
})();
