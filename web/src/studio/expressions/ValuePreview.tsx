import { Table } from "@mantine/core";
import type { Json } from "@/shared/flow/document";
import { isTablePreview } from "@/studio/expressions/names";
import { counted } from "@/studio/expressions/shortValue";
import classes from "@/studio/expressions/ValuePreview.module.css";

/** A value as it is best read: tables as tables, texts as they are, all else as JSON. */
export function ValuePreview({ value }: { value: Json }) {
  if (typeof value === "string") return <pre className={classes.text}>{value === "" ? "(empty text)" : value}</pre>;
  if (!isTablePreview(value)) return <pre className={classes.text}>{JSON.stringify(value, null, 2)}</pre>;
  return (
    <Table className={classes.table} captionSide="bottom">
      <Table.Caption>{counted(value.length, "row")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          {value.columns.map((column, index) => (
            <Table.Th key={index}>{column}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {value.rows.map((row, index) => (
          <Table.Tr key={index}>
            {row.map((cell, place) => (
              <Table.Td key={place}>
                {cell === null ? "" : typeof cell === "string" ? cell : JSON.stringify(cell)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
