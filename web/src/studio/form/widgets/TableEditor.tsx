import { Button, Group, Text } from "@mantine/core";
import { IconColumnInsertRight, IconRowInsertBottom, IconTrash } from "@tabler/icons-react";
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import type { Json, JsonObject } from "@/shared/flow/document";
import { parseCells } from "@/studio/form/pasteTable";
import { freeColumn, type Grid, gridFromPaste, gridOf, pasteInto, rowsOf } from "@/studio/form/tableCells";
import { RowButton } from "@/studio/form/widgets/RowButton";
import classes from "@/studio/form/widgets/table.module.css";

const ROWS_AT_ONCE = 200;

interface TableEditorProps {
  rows: readonly JsonObject[];
  onChange: (rows: Json | undefined) => void;
  label: string;
  readOnly: boolean;
}

/** A grid of cells. What was copied out of a spreadsheet can be pasted into any cell, or as a whole table. */
export function TableEditor({ rows, onChange, label, readOnly }: TableEditorProps) {
  const [grid, setGrid] = useState<Grid>(() => gridOf(rows));
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const table = useRef<HTMLTableElement>(null);
  const write = (changed: Grid) => {
    setGrid(changed);
    const names = new Set(changed.columns);
    if (names.size < changed.columns.length || names.has("")) return;
    onChange(changed.cells.length === 0 ? undefined : rowsOf(changed, rows));
  };
  const setCell = (row: number, column: number, text: string) => write(pasteInto(grid, row, column, [[text]]));
  const setColumn = (column: number, name: string) => write({ ...grid, columns: grid.columns.with(column, name) });
  const paste = (event: ClipboardEvent, row: number, column: number) => {
    const pasted = parseCells(event.clipboardData.getData("text/plain"));
    if (readOnly || pasted.length * (pasted[0]?.length ?? 0) <= 1) return;
    event.preventDefault();
    const names = row < 0;
    write(names && column === 0 ? gridFromPaste(pasted) : pasteInto(grid, Math.max(row, 0), column, pasted));
  };
  const move = (event: KeyboardEvent, row: number, column: number) => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    table.current?.querySelector<HTMLInputElement>(`[data-cell="${row + step}-${column}"]`)?.focus();
  };
  const cell = (row: number, column: number, value: string, name: string, set: (text: string) => void) => (
    <input
      className={classes.cell}
      data-cell={`${row}-${column}`}
      aria-label={name}
      value={value}
      readOnly={readOnly}
      onChange={(event) => set(event.currentTarget.value)}
      onPaste={(event) => paste(event, row, column)}
      onKeyDown={(event) => move(event, row, column)}
    />
  );
  const addColumn = () =>
    write({ columns: [...grid.columns, freeColumn(grid.columns)], cells: grid.cells.map((cells) => [...cells, ""]) });
  const addRow = () => write({ ...grid, cells: [...grid.cells, grid.columns.map(() => "")] });
  const twice = grid.columns.length > new Set(grid.columns).size || grid.columns.includes("");
  return (
    <div>
      {grid.columns.length === 0 ? (
        <PasteHere label={label} onPaste={(event) => paste(event, -1, 0)} />
      ) : (
        <div className={classes.scroll}>
          <table ref={table} className={classes.grid} aria-label={label}>
            <thead>
              <tr>
                {grid.columns.map((column, index) => (
                  <th key={index} scope="col">
                    <span className={classes.head}>
                      {cell(-1, index, column, `Name of column ${index + 1}`, (text) => setColumn(index, text))}
                      {!readOnly && (
                        <RowButton
                          label={`Remove column ${column}`}
                          onClick={() =>
                            write({
                              columns: grid.columns.toSpliced(index, 1),
                              cells:
                                grid.columns.length === 1 ? [] : grid.cells.map((cells) => cells.toSpliced(index, 1)),
                            })
                          }
                        >
                          <IconTrash size={13} />
                        </RowButton>
                      )}
                    </span>
                  </th>
                ))}
                {!readOnly && <td className={classes.corner} />}
              </tr>
            </thead>
            <tbody>
              {grid.cells.slice(0, shown).map((cells, row) => (
                <tr key={row}>
                  {grid.columns.map((column, index) => (
                    <td key={index}>
                      {cell(row, index, cells[index] ?? "", `${column}, row ${row + 1}`, (text) =>
                        setCell(row, index, text),
                      )}
                    </td>
                  ))}
                  {!readOnly && (
                    <td>
                      <RowButton
                        label={`Remove row ${row + 1}`}
                        onClick={() => write({ ...grid, cells: grid.cells.toSpliced(row, 1) })}
                      >
                        <IconTrash size={13} />
                      </RowButton>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {twice && (
        <Text size="xs" c="var(--exekra-bad)" mt={4}>
          Give every column a unique name. Until then, the changes are not saved in the workflow.
        </Text>
      )}
      <Group gap="xs" mt="sm">
        {!readOnly && (
          <>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconRowInsertBottom size={14} />}
              onClick={addRow}
              disabled={grid.columns.length === 0}
            >
              Add row
            </Button>
            <Button variant="default" size="xs" leftSection={<IconColumnInsertRight size={14} />} onClick={addColumn}>
              Add column
            </Button>
          </>
        )}
        {grid.cells.length > shown && (
          <Button variant="subtle" size="xs" onClick={() => setShown(shown + ROWS_AT_ONCE)}>
            Show more of {grid.cells.length.toLocaleString("en")} rows
          </Button>
        )}
        <Text size="xs" c="var(--exekra-quiet)">
          Cells can hold {"{expressions}"}.
        </Text>
      </Group>
    </div>
  );
}

function PasteHere({ label, onPaste }: { label: string; onPaste: (event: ClipboardEvent) => void }) {
  return (
    <textarea
      className={classes.paste}
      aria-label={`Paste a table into ${label}`}
      placeholder="Copy cells in a spreadsheet and paste them here. The first line gives the names of the columns."
      value=""
      onChange={() => undefined}
      onPaste={onPaste}
      data-autofocus
    />
  );
}
