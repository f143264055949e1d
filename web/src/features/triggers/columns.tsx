import { Badge, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { FiringState } from "@/features/triggers/FiringState";
import type { Trigger } from "@/features/triggers/queries";
import { TriggerMenu } from "@/features/triggers/TriggerMenu";
import { moment } from "@/shared/format/time";
import { workflowPage } from "@/shared/workflows/links";
import { Ago } from "@/shared/ui/Ago";
import type { ListColumn } from "@/shared/ui/ListTable";
import { PageLink } from "@/shared/ui/links";
import { RowLink } from "@/shared/ui/RowLink";

interface Given {
  mayChange: boolean;
  onChange: (trigger: Trigger) => void;
}

/** The columns of the list of triggers. */
export function triggerColumns({ mayChange, onChange }: Given): ListColumn<Trigger>[] {
  return [
    { accessor: "name", title: "Name", render: (trigger) => <Name trigger={trigger} /> },
    {
      accessor: "workflow_name",
      title: "Workflow",
      width: 170,
      render: ({ workflow_id, workflow_name }) => (
        <PageLink {...workflowPage(workflow_id)} inherit truncate title={workflow_name}>
          {workflow_name}
        </PageLink>
      ),
    },
    { accessor: "words", title: "When", width: 230, render: (trigger) => <When trigger={trigger} /> },
    {
      accessor: "next_fire_at",
      title: "Next",
      width: 150,
      render: ({ next_fire_at }) => (next_fire_at === null ? "–" : moment(next_fire_at)),
    },
    {
      accessor: "last",
      title: "Last",
      width: 175,
      render: ({ last }) =>
        last === null ? (
          "–"
        ) : (
          <Group gap="xs" wrap="nowrap">
            <FiringState firing={last} />
            <Ago at={last.fired_at} />
          </Group>
        ),
    },
    {
      accessor: "actions",
      title: <VisuallyHidden>Actions</VisuallyHidden>,
      width: 56,
      textAlign: "right",
      render: (trigger) => <TriggerMenu trigger={trigger} mayChange={mayChange} onChange={() => onChange(trigger)} />,
    },
  ];
}

function Name({ trigger }: { trigger: Trigger }) {
  return (
    <Stack gap={0}>
      <Group gap="xs" wrap="nowrap">
        <RowLink to="/triggers" search={{ trigger: trigger.id }} title={trigger.name}>
          {trigger.name}
        </RowLink>
        {!trigger.enabled && (
          <Badge size="xs" variant="default" tt="none" style={{ flexShrink: 0 }}>
            Off
          </Badge>
        )}
      </Group>
      {trigger.problem !== null && (
        <Text size="xs" c="red" truncate title={trigger.problem}>
          {trigger.problem}
        </Text>
      )}
    </Stack>
  );
}

function When({ trigger }: { trigger: Trigger }) {
  const text = trigger.schedule === null ? "When its address is called" : `${trigger.words ?? trigger.schedule.cron}`;
  return (
    <Stack gap={0}>
      <Text inherit truncate title={text}>
        {text}
      </Text>
      {trigger.schedule !== null && (
        <Text size="xs" c="var(--exekra-quiet)" truncate>
          {trigger.schedule.time_zone}
        </Text>
      )}
    </Stack>
  );
}
