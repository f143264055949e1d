import { ActionIcon, Tooltip } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";

/** Shows the numbers of a chart as a table, and back. */
export function TableSwitch({ shown, onChange }: { shown: boolean; onChange: (shown: boolean) => void }) {
  const label = shown ? "Show as a chart" : "Show as a table";
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={() => onChange(!shown)}>
        {shown ? <IconChartBar size={16} /> : <IconTable size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
