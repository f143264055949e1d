import { List, Stack, Text } from "@mantine/core";
import { KINDS } from "@/features/storage/kinds";
import type { Schemas } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";
import { moment } from "@/shared/format/time";
import { Ago } from "@/shared/ui/Ago";

/** What was removed last, and when the next time is. */
export function LastRun({ run }: { run: Schemas["RetentionRun"] }) {
  const removed = run.removed.filter((one) => one.rows > 0);
  return (
    <Stack gap={6} fz="sm">
      <Text inherit>
        {run.running ? (
          "Running now."
        ) : run.ended_at === null ? (
          "No runs yet."
        ) : (
          <>
            Last: <Ago at={run.ended_at} />.
          </>
        )}{" "}
        Next: {moment(run.next_at)}.
      </Text>
      {run.ended_at !== null && removed.length === 0 && <Text inherit>Nothing to remove.</Text>}
      {removed.length > 0 && (
        <List size="sm" aria-label="Removed">
          {removed.map(({ kind, rows, bytes: freed }) => (
            <List.Item key={kind}>
              {KINDS.find((one) => one.kind === kind)?.label ?? kind}: about {rows.toLocaleString()}
              {freed > 0 && `, ${bytes(freed)}`}
            </List.Item>
          ))}
        </List>
      )}
      {run.held_back > 0 && (
        <Text inherit>
          {run.held_back === 1 ? "One week waits" : `${run.held_back.toLocaleString()} weeks wait`} for an execution
          that was created in it and has not ended, or ended not long ago enough.
        </Text>
      )}
    </Stack>
  );
}
