/** Rows and cells of what was copied out of a spreadsheet, or out of a CSV file. */
import type { Json } from "@/shared/flow/document";

/** The cells of a text; a tab parts them where there is one, otherwise a semicolon or a comma. Quotes may hold either. */
export function parseCells(text: string): string[][] {
  const separator = separatorOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = () => {
    rows.push([...row, cell]);
    row = [];
    cell = "";
  };
  for (let position = 0; position < text.length; position++) {
    const character = text[position] ?? "";
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[position + 1] === '"') {
        cell += '"';
        position++;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) {
      row.push(cell);
      cell = "";
    } else if (character === "\n") endRow();
    else if (character !== "\r") cell += character;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

function separatorOf(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  if (text.includes("\t")) return "\t";
  return line.includes(";") ? ";" : line.includes(",") ? "," : "\t";
}

/** The cells as a text that a spreadsheet takes. */
export function formatCells(rows: readonly (readonly string[])[]): string {
  const written = (cell: string) =>
    /["\t\n\r]/.test(cell) || cell.startsWith('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
  return rows.map((row) => `${row.map(written).join("\t")}\n`).join("");
}

/** The value that somebody means by what was typed into a cell: plain numbers, true and false are not texts. */
export function cellValue(text: string): Json {
  if (text === "") return null;
  if (text === "true" || text === "false") return text === "true";
  return /^-?(0|[1-9]\d{0,14})(\.\d{1,10})?$/.test(text) ? Number(text) : text;
}

/** A cell's value as it is typed. */
export function cellText(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
