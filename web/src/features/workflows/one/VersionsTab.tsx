import { Button, Group, Text } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { versionColumns } from "@/features/workflows/one/versionColumns";
import { type Version, type Workflow, workflowKey } from "@/shared/workflows/queries";
import { api, dataOf } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import { useMay } from "@/shared/session/session";
import { ListTable } from "@/shared/ui/ListTable";
import { usePagedList } from "@/shared/ui/pagedList";
import { comparePage } from "@/shared/workflows/links";

const route = getRouteApi("/pages/workflows/$workflowId");

/** All versions of a workflow: who saved which when, what differs, and ways back. */
export function VersionsTab({ workflow, onPublish }: { workflow: Workflow; onPublish: () => void }) {
  const { cursor } = route.useSearch();
  const navigate = useNavigate();
  const go = route.useNavigate();
  const mayDraw = useMay("DEVELOPER");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const list = usePagedList<Version>({
    queryKey: [...workflowKey(workflow.id), "versions"],
    cursor,
    fetchPage: (at, signal) => {
      const query = given({ limit: 50, cursor: at });
      const params = { path: { workflow_id: workflow.id }, query };
      return dataOf(api.GET("/api/workflows/{workflow_id}/versions", { params, signal }));
    },
  });
  const columns = useMemo(() => versionColumns({ workflow, mayDraw, onPublish }), [workflow, mayDraw, onPublish]);
  const numbers = list.rows.filter(({ id }) => chosen.includes(id)).map(({ number }) => number);
  const compare = () => {
    void navigate(comparePage(workflow.id, Math.min(...numbers), Math.max(...numbers)));
  };
  return (
    <>
      <Group justify="space-between" mb="sm" mih={36}>
        <Text size="sm" c="var(--exekra-quiet)">
          Each save creates a version, and versions never change. Open one to compare it with the previous one.
        </Text>
        <Button
          variant="default"
          leftSection={<IconArrowsDiff size={16} />}
          disabled={numbers.length !== 2}
          title={numbers.length === 2 ? undefined : "Select two versions to compare them."}
          onClick={compare}
        >
          Compare
        </Button>
      </Group>
      <ListTable
        label="Versions"
        list={list}
        columns={columns}
        minWidth={820}
        selection={{
          ids: chosen,
          // The two that were chosen last.
          onChange: (ids) => setChosen(ids.slice(-2)),
        }}
        empty={null}
        onCursor={(next) => void go({ search: (old) => ({ ...old, cursor: next }) })}
      />
    </>
  );
}
