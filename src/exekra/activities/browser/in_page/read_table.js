// The header rows and the other rows of a table as texts; cells that span several places fill all of them.
(table, hidden) => {
  const MOST_COLUMNS = 1000;
  const TABLES = "table, [role=table], [role=grid], [role=treegrid]";
  const CELLS = "[role=cell], [role=gridcell], [role=columnheader], [role=rowheader]";
  const isHtml = table instanceof HTMLTableElement;

  const text = (cell) => (cell.innerText ?? cell.textContent ?? "").replace(/\s+/g, " ").trim();
  const isShown = (row) => hidden || row.getClientRects().length > 0;
  const number = (value) => Math.min(Math.max(Number(value) || 1, 1), MOST_COLUMNS);

  const rows = isHtml
    ? [...table.rows].filter((row) => row.parentElement.localName !== "tfoot")
    : [...table.querySelectorAll("[role=row]")].filter((row) => row.closest(TABLES) === table);
  const cellsOf = (row) =>
    isHtml ? [...row.cells] : [...row.querySelectorAll(CELLS)].filter((cell) => cell.closest("[role=row]") === row);
  const isTitle = (cell) => (isHtml ? cell.localName === "th" : cell.getAttribute("role") === "columnheader");
  const isHeader = (row, cells) =>
    (isHtml && row.parentElement.localName === "thead") || (cells.length > 0 && cells.every(isTitle));

  const header = [];
  const body = [];
  const above = []; // For each column the text that a cell further up gives to the next rows, and to how many.
  for (const row of rows.filter(isShown)) {
    const cells = cellsOf(row);
    const values = [];
    const takeFromAbove = () => {
      while (above[values.length]?.rows > 0) {
        const given = above[values.length];
        given.rows -= 1;
        values.push(given.text);
      }
    };
    for (const cell of cells) {
      takeFromAbove();
      const spans = number(isHtml ? cell.colSpan : cell.getAttribute("aria-colspan"));
      for (let column = 0; column < spans; column += 1) {
        above[values.length] = { text: text(cell), rows: (isHtml ? number(cell.rowSpan) : 1) - 1 };
        values.push(text(cell));
      }
    }
    takeFromAbove();
    (isHeader(row, cells) && body.length === 0 ? header : body).push(values);
  }
  return { header, body, total: Number(table.getAttribute("aria-rowcount") ?? -1) };
};
