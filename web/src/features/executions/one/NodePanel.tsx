import { ActionIcon, Alert, Button, Pagination, Skeleton, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconArrowLeft, IconBinaryTree2 } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import { NodeState } from "@/features/executions/one/NodeState";
import classes from "@/features/executions/one/one.module.css";
import { EXECUTIONS } from "@/features/executions/queries";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { inWords } from "@/shared/flow/calls";
import type { Json } from "@/shared/flow/document";
import { type Warned, warningsInWords } from "@/shared/flow/warnings";
import { clockTime, duration } from "@/shared/format/time";
import { throttled } from "@/shared/live/throttle";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { JsonTree } from "@/shared/ui/JsonTree";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

type Visit = Schemas["Visit"];

const REFRESH_MILLISECONDS = 1_000;

/** What one node did: each told visit with its inputs, its result or its failure. */
export function NodePanel({
  executionId,
  live,
  node,
  activity,
  warned,
  onBack,
  onOpen,
}: {
  executionId: string;
  live: LiveExecution;
  node: string;
  activity: string | undefined;
  warned: Warned;
  onBack: () => void;
  /** Shows the workflow that the node calls; null where it calls none. */
  onOpen: (() => void) | null;
}) {
  const visits = useVisits(executionId, node, live);
  const [chosen, setChosen] = useState(0);
  const told = visits.data?.pages.flatMap((page) => page.items) ?? [];
  const warnedWords = warningsInWords(warned);
  const visit = told[Math.min(chosen, told.length - 1)];
  const move = (place: number) => {
    setChosen(place - 1);
    if (place >= told.length && visits.hasNextPage) void visits.fetchNextPage();
  };
  return (
    <>
      <div className={classes.sideHead}>
        <Title order={2} size="sm" className={classes.truncated} title={node}>
          {inWords(node)}
        </Title>
        <ActionIcon variant="subtle" color="gray" aria-label="All nodes" title="All nodes" onClick={onBack}>
          <IconArrowLeft size={16} />
        </ActionIcon>
      </div>
      <div className={classes.sideBody}>
        {activity !== undefined && (
          <Text size="xs" c="var(--exekra-quiet)" mb="xs">
            {activity}
          </Text>
        )}
        {onOpen !== null && (
          <Button
            size="compact-sm"
            variant="light"
            mb="sm"
            leftSection={<IconBinaryTree2 size={15} aria-hidden />}
            onClick={onOpen}
          >
            Show called workflow
          </Button>
        )}
        {warnedWords !== "" && (
          <Alert color="yellow" p="xs" mb="sm" icon={<IconAlertTriangle size={16} />}>
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {warnedWords}
            </Text>
          </Alert>
        )}
        {visits.isPending && <Skeleton height={180} />}
        {visits.isError && <ErrorPanel error={visits.error} onRetry={() => void visits.refetch()} />}
        {visits.isSuccess && visit === undefined && (
          <Text size="sm" c="var(--exekra-quiet)">
            This step has not run.
          </Text>
        )}
        {told.length > 1 && (
          <Pagination
            size="xs"
            mb="sm"
            total={told.length + (visits.hasNextPage ? 1 : 0)}
            value={Math.min(chosen, told.length - 1) + 1}
            onChange={move}
            siblings={1}
            aria-label="Recorded visits, newest first"
            getControlProps={(control) => ({ "aria-label": `${control} visit` })}
          />
        )}
        {visit && <VisitDetails visit={visit} />}
      </div>
    </>
  );
}

function VisitDetails({ visit }: { visit: Visit }) {
  return (
    <>
      <dl className={classes.facets}>
        <dt>State</dt>
        <dd className={classes.fact}>
          <NodeState state={visit.state} />
          {visit.state}
          {visit.count > 1 && <span className={classes.quiet}>{`visit ${visit.count.toLocaleString()}`}</span>}
        </dd>
        {visit.entered_at !== null && <Facet name="Entered">{clockTime(visit.entered_at)}</Facet>}
        {visit.seconds !== null && <Facet name="Took">{duration(visit.seconds)}</Facet>}
        {visit.port !== null && visit.port !== "next" && <Facet name="Left by">{visit.port}</Facet>}
        {visit.size !== null && <Facet name="Size">{visit.size.toLocaleString()}</Facet>}
      </dl>
      {visit.failure && visit.state === "failed" && (
        <Alert color="red" p="xs" mb="sm" title={visit.failure.type}>
          <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            <PlainMarkup text={visit.failure.message} />
          </Text>
        </Alert>
      )}
      <Values title="Inputs" value={visit.inputs as Json | null} none="No inputs, or none were recorded." />
      {visit.failure === null && visit.left_at !== null && (
        <Values title="Result" value={(visit.preview ?? null) as Json} none="No result" />
      )}
    </>
  );
}

function Facet({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Values({ title, value, none }: { title: string; value: Json | null; none: string }) {
  const isEmpty = value === null || (typeof value === "object" && Object.keys(value).length === 0);
  return (
    <section aria-label={title} style={{ marginBottom: 12 }}>
      <Title order={3} size="xs" mb={4}>
        {title}
      </Title>
      {isEmpty ? (
        <Text size="xs" c="var(--exekra-quiet)">
          {none}
        </Text>
      ) : (
        <JsonTree value={value} open={2} />
      )}
    </section>
  );
}

function useVisits(executionId: string, node: string, live: LiveExecution) {
  const queries = useQueryClient();
  const found = useInfiniteQuery({
    queryKey: [...EXECUTIONS, "one", executionId, "visits", node],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET("/api/executions/{execution_id}/visits", {
          params: {
            path: { execution_id: executionId },
            query: { node, limit: 50, ...(pageParam !== undefined && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useEffect(() => {
    const again = throttled(
      () => void queries.invalidateQueries({ queryKey: [...EXECUTIONS, "one", executionId, "visits", node] }),
      REFRESH_MILLISECONDS,
    );
    const stop = live.hear((event) => {
      if ((event.event === "node.left" || event.event === "node.entered") && event.node === node) again.call();
    });
    return () => {
      stop();
      again.cancel();
    };
  }, [queries, live, executionId, node]);
  return found;
}
