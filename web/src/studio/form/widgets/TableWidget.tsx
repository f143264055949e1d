import { Button, Group, Modal, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { useState } from "react";
import { counted } from "@/studio/expressions/shortValue";
import { isGrid } from "@/studio/form/fieldMode";
import { cellText } from "@/studio/form/pasteTable";
import { columnsOf } from "@/studio/form/tableCells";
import { TableEditor } from "@/studio/form/widgets/TableEditor";
import classes from "@/studio/form/widgets/table.module.css";
import type { WidgetProps } from "@/studio/form/widgets/widget";

const ROWS_SHOWN = 3;
const COLUMNS_SHOWN = 4;

/** A table that is part of the workflow: its first rows, and an editor as of a spreadsheet. */
export function TableWidget({ value, onChange, label, readOnly }: WidgetProps) {
  const [opened, setOpened] = useState(false);
  const rows = isGrid(value) ? value : [];
  const columns = columnsOf(rows);
  return (
    <div className={classes.widget}>
      {rows.length > 0 && (
        <Table className={classes.preview} withRowBorders={false} aria-label={`First rows of ${label}`}>
          <Table.Thead>
            <Table.Tr>
              {columns.slice(0, COLUMNS_SHOWN).map((column) => (
                <Table.Th key={column}>{column}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, ROWS_SHOWN).map((row, index) => (
              <Table.Tr key={index}>
                {columns.slice(0, COLUMNS_SHOWN).map((column) => (
                  <Table.Td key={column}>{cellText(row[column])}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Group gap="xs">
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconTable size={14} />}
          onClick={() => setOpened(true)}
          disabled={readOnly && rows.length === 0}
        >
          {readOnly ? "Show table" : rows.length === 0 ? "Type or paste a table" : "Edit table"}
          <VisuallyHidden>: {label}</VisuallyHidden>
        </Button>
        {rows.length > 0 && (
          <Text size="xs" c="var(--exekra-quiet)">
            {counted(rows.length, "row")}, {counted(columns.length, "column")}
          </Text>
        )}
      </Group>
      <Modal opened={opened} onClose={() => setOpened(false)} title={label} size="xl">
        {opened && <TableEditor rows={rows} onChange={onChange} label={label} readOnly={readOnly} />}
      </Modal>
    </div>
  );
}
