import { Anchor, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import classes from "@/features/executions/one/one.module.css";
import { type ExecutionDetail, fileAddress } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { isFileReference } from "@/shared/api/upload";
import type { Json } from "@/shared/flow/document";
import { bytes } from "@/shared/format/bytes";
import { JsonTree } from "@/shared/ui/JsonTree";

/** What an execution was given, and what it gave. */
export function ValuesTab({ execution }: { execution: ExecutionDetail }) {
  const { inputs, outputs, state } = execution;
  return (
    <div className={classes.values}>
      <Values
        title="Inputs"
        executionId={execution.id}
        value={inputs as Json}
        none="It was started without inputs, so the workflow's defaults apply."
      />
      <Values
        title="Outputs"
        executionId={execution.id}
        value={outputs as Json | null}
        none={isActive(state) ? "They appear when it has completed." : "It returned no outputs."}
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
        <>
          <FileLinks executionId={executionId} value={value} />
          <JsonTree value={value} open={2} />
        </>
      )}
    </section>
  );
}

/** The files among the values, each a link that downloads it. */
function FileLinks({ executionId, value }: { executionId: string; value: Json }) {
  const files = Object.entries(value as Record<string, unknown>).flatMap(([name, one]) =>
    isFileReference(one) ? [{ name, file: one }] : [],
  );
  return files.map(({ name, file }) => (
    <Anchor key={name} href={fileAddress(executionId, file.$file)} download size="sm" display="block" mb="xs">
      <IconDownload size={15} aria-hidden className={classes.inline} /> {name}: {file.name} ({bytes(file.size)})
    </Anchor>
  ));
}
