import { Text, Title } from "@mantine/core";
import classes from "@/features/executions/one/one.module.css";
import type { ExecutionDetail } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import type { Json } from "@/shared/flow/document";
import { JsonTree } from "@/shared/ui/JsonTree";

/** What an execution was given, and what it gave. */
export function ValuesTab({ execution }: { execution: ExecutionDetail }) {
  const { inputs, outputs, state } = execution;
  return (
    <div className={classes.values}>
      <Values title="Inputs" executionId={execution.id} value={inputs as Json} none="Started with default inputs." />
      <Values
        title="Outputs"
        executionId={execution.id}
        value={outputs as Json | null}
        none={isActive(state) ? "Available once it completes." : "No outputs"}
      />
    </div>
  );
}

function Values({
  title,
  executionId,
  value,
  none,
}: {
  title: string;
  executionId: string;
  value: Json | null;
  none: string;
}) {
  const isEmpty = value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return (
    <section className={classes.card} aria-label={title}>
      <Title order={2} size="sm" mb="xs">
        {title}
      </Title>
      {isEmpty ? (
        <Text size="sm" c="var(--exekra-quiet)">
          {none}
        </Text>
      ) : (
        <JsonTree value={value} open={2} filesOf={executionId} />
      )}
    </section>
  );
}
