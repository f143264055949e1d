/** A table as a grid of texts, as somebody edits it, and back. */
import type { Json, JsonObject } from "@/shared/flow/document";
import { cellText, cellValue } from "@/studio/form/pasteTable";

export interface Grid {
  columns: readonly string[];
  cells: readonly (readonly string[])[];
}

/** The names of all columns, in the order in which rows name them. */
export function columnsOf(rows: readonly JsonObject[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

export function gridOf(rows: readonly JsonObject[]): Grid {
  const columns = columnsOf(rows);
  return { columns, cells: rows.map((row) => columns.map((column) => cellText(row[column]))) };
}

/** The rows of a grid. A cell that nobody touched keeps its value, so that the text `12` stays a text. */
export function rowsOf(grid: Grid, before: readonly JsonObject[]): JsonObject[] {
  return grid.cells.map((cells, index) =>
    Object.fromEntries(
      grid.columns.map((column, place): [string, Json] => {
        const text = cells[place] ?? "";
        const old = before[index]?.[column];
        return [column, old !== undefined && cellText(old) === text ? old : cellValue(text)];
      }),
    ),
  );
}

/** The grid with cells pasted at a place; rows and columns are added where they are needed. */
export function pasteInto(grid: Grid, row: number, column: number, pasted: readonly (readonly string[])[]): Grid {
  const width = Math.max(grid.columns.length, column + Math.max(0, ...pasted.map((cells) => cells.length)));
  const height = Math.max(grid.cells.length, row + pasted.length);
  const columns = [...grid.columns];
  while (columns.length < width) columns.push(freeColumn(columns));
  const cells = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => pasted[y - row]?.[x - column] ?? grid.cells[y]?.[x] ?? ""),
  );
  return { columns, cells };
}

/** A pasted text with its first line as the names of the columns. */
export function gridFromPaste(pasted: readonly (readonly string[])[]): Grid {
  const [head = [], ...cells] = pasted;
  const columns: string[] = [];
  for (const name of head)
    columns.push(name.trim() === "" || columns.includes(name.trim()) ? freeColumn(columns) : name.trim());
  return pasteInto({ columns, cells: [] }, 0, 0, cells);
}

/** A name that no column has. */
export function freeColumn(columns: readonly string[]): string {
  let number = columns.length + 1;
  while (columns.includes(`column_${number}`)) number++;
  return `column_${number}`;
}
