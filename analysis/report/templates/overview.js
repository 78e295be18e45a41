"use strict";
(() => {
  const [text, documents, word, shown] = ["filter-text", "filter-document", "filter-word", "shown"]
    .map((id) => document.getElementById(id));
  const rows = [...document.querySelectorAll("#findings tr")];

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    for (const row of rows) {
      const fits = (!documents.value || row.dataset.document === documents.value)
        && (!word.value || row.dataset.words.includes(`|${word.value}|`))
        && row.textContent.toLowerCase().includes(wanted);
      row.hidden = !fits;
    }
    shown.textContent = `${rows.filter((row) => !row.hidden).length} shown`;
  }
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  for (const control of [text, documents, word]) control.addEventListener("input", filter);
})();
