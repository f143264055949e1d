import { Button, Group, Skeleton, Text, Title } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconHourglass,
  IconPlugConnectedX,
  type Icon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import classes from "@/features/dashboard/dashboard.module.css";
import { searchOf } from "@/features/dashboard/filter";
import type { Dashboard } from "@/features/dashboard/queries";
import { useMay } from "@/shared/session/session";
import { Ago } from "@/shared/ui/Ago";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

type Attention = Dashboard["attention"][number];

const PICTURES: Record<Attention["kind"], Icon> = {
  failed: IconCircleX,
  stuck: IconHourglass,
  "runner-offline": IconPlugConnectedX,
  "waiting-too-long": IconHourglass,
  "no-runner": IconPlugConnectedX,
};
const AT_FIRST = 5;

/** What a person should look at, the worst first, each with the way to it. */
export function AttentionList({ items }: { items: readonly Attention[] | undefined }) {
  const [all, setAll] = useState(false);
  if (items === undefined) return <Skeleton height={44} />;
  const shown = all ? items : items.slice(0, AT_FIRST);
  return (
    <section className={`${classes.card} ${classes.attention}`} aria-label="Needs attention">
      {items.length === 0 ? (
        <Group gap="xs" px={14} py={10}>
          <IconCircleCheck size={18} color="var(--exekra-good)" aria-hidden />
          <Title order={2} size="sm">
            Nothing needs attention
          </Title>
        </Group>
      ) : (
        <>
          <Title order={2} size="sm" px={14} pt={10} pb={4}>
            Needs attention
          </Title>
          {shown.map((item, index) => (
            <AttentionRow key={`${item.kind} ${item.workflow_id ?? index}`} item={item} />
          ))}
          {items.length > shown.length && (
            <Button variant="subtle" size="xs" fullWidth radius={0} onClick={() => setAll(true)}>
              Show {items.length - shown.length} more
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function AttentionRow({ item }: { item: Attention }) {
  const Picture = item.severity === "info" ? IconAlertTriangle : PICTURES[item.kind];
  const color = item.severity === "error" ? "var(--exekra-bad)" : "var(--exekra-careful)";
  return (
    <div className={classes.alert} data-severity={item.severity}>
      <Picture size={18} color={color} aria-label={item.severity} />
      <div className={classes.alertText}>
        <AttentionTitle item={item} />
        <Text size="xs" c="var(--exekra-quiet)" truncate title={item.detail}>
          <PlainMarkup text={item.detail} />
        </Text>
      </div>
      <span className={classes.small}>
        <Ago at={item.since} none="" />
      </span>
      <AttentionActions item={item} />
    </div>
  );
}

function AttentionTitle({ item }: { item: Attention }) {
  const [execution] = item.execution_ids;
  const [runner] = item.runner_ids;
  const props = { className: `${classes.alertTitle} ${classes.cellLink} ${classes.truncated}`, title: item.title };
  if (item.filter) {
    return (
      <Link to="/executions" search={searchOf(item.filter)} {...props}>
        {item.title}
      </Link>
    );
  }
  if (item.kind === "runner-offline") {
    if (item.runner_ids.length === 1 && runner !== undefined) {
      return (
        <Link to="/runners/$runnerId" params={{ runnerId: runner }} {...props}>
          {item.title}
        </Link>
      );
    }
    return (
      <Link to="/runners" search={{ state: "OFFLINE" }} {...props}>
        {item.title}
      </Link>
    );
  }
  if (execution === undefined) return <span {...props}>{item.title}</span>;
  return (
    <Link to="/executions/$executionId" params={{ executionId: execution }} {...props}>
      {item.title}
    </Link>
  );
}

function AttentionActions({ item }: { item: Attention }) {
  const mayRegister = useMay("ADMIN");
  const [execution] = item.execution_ids;
  return (
    <Group gap={6} wrap="nowrap">
      {item.kind === "no-runner" && mayRegister && (
        <Button component={Link} to="/runners" size="compact-xs" variant="default">
          See Runners
        </Button>
      )}
      {execution !== undefined && (
        <Button
          renderRoot={(props) => <Link to="/executions/$executionId" params={{ executionId: execution }} {...props} />}
          size="compact-xs"
          variant="default"
        >
          {item.kind === "failed" ? "Open the latest" : "Open"}
        </Button>
      )}
    </Group>
  );
}
