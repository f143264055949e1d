import { Menu, Text, VisuallyHidden } from "@mantine/core";
import { IconArrowBackUp, IconArrowsDiff, IconDownload, IconRocket } from "@tabler/icons-react";
import { exportAddress } from "@/features/workflows/actions";
import type { Version, Workflow } from "@/shared/workflows/queries";
import { askToMakeLive, askToRollBack } from "@/shared/workflows/rollBack";
import { VersionState } from "@/features/workflows/VersionState";
import { Ago } from "@/shared/ui/Ago";
import type { ListColumn } from "@/shared/ui/ListTable";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { RowLink } from "@/shared/ui/RowLink";
import { MenuLink } from "@/shared/ui/links";
import { comparePage } from "@/shared/workflows/links";

interface Given {
  workflow: Workflow;
  mayDraw: boolean;
  onPublish: () => void;
}

/** The columns of the list of versions. */
export function versionColumns(parts: Given): ListColumn<Version>[] {
  return [
    {
      accessor: "number",
      title: "Version",
      width: 120,
      render: ({ number }) => (
        <RowLink
          to="/workflows/$workflowId/compare"
          params={{ workflowId: parts.workflow.id }}
          search={{ from: Math.max(1, number - 1), to: number }}
        >
          Version {number}
        </RowLink>
      ),
    },
    { accessor: "state", title: "State", width: 130, render: ({ state }) => <VersionState state={state} /> },
    {
      accessor: "note",
      title: "What changed",
      ellipsis: true,
      render: ({ note, release_notes }) => <Notes text={release_notes || note} />,
    },
    { accessor: "author", title: "By", width: 200, ellipsis: true, render: ({ author }) => author ?? "–" },
    { accessor: "created_at", title: "Saved", width: 120, render: ({ created_at: at }) => <Ago at={at} /> },
    {
      accessor: "published_at",
      title: "Published",
      width: 120,
      render: ({ published_at: at }) => <Ago at={at} />,
    },
    {
      accessor: "actions",
      title: <VisuallyHidden>Actions</VisuallyHidden>,
      width: 56,
      textAlign: "right",
      render: (version) => <VersionMenu version={version} {...parts} />,
    },
  ];
}

function Notes({ text }: { text: string }) {
  return (
    <Text inherit truncate title={text} {...(text ? {} : { c: "var(--exekra-quiet)" })}>
      {text || "no note"}
    </Text>
  );
}

function VersionMenu({ version, workflow, mayDraw, onPublish }: Given & { version: Version }) {
  const { number, state } = version;
  const isLatest = number === workflow.latest_number;
  const published = workflow.published_number;
  const compareWith = (other: number, label: string) => (
    <MenuLink {...comparePage(workflow.id, number, other)} leftSection={<IconArrowsDiff size={16} />}>
      {label}
    </MenuLink>
  );
  return (
    <MoreMenu label={`Actions for version ${number}`}>
      {!isLatest && compareWith(workflow.latest_number, "Compare with the newest")}
      {published !== null && published !== number && compareWith(published, "Compare with the published")}
      <Menu.Item
        component="a"
        href={exportAddress(workflow.id, "whole", number)}
        leftSection={<IconDownload size={16} />}
      >
        Export
      </Menu.Item>
      <Menu.Item
        component="a"
        href={exportAddress(workflow.id, "json", number)}
        leftSection={<IconDownload size={16} />}
      >
        Export as JSON
      </Menu.Item>
      {mayDraw && isLatest && state === "draft" && (
        <Menu.Item leftSection={<IconRocket size={16} />} onClick={onPublish}>
          Publish…
        </Menu.Item>
      )}
      {mayDraw && !isLatest && (
        <Menu.Item leftSection={<IconArrowBackUp size={16} />} onClick={() => askToRollBack(workflow, number)}>
          Roll back to it…
        </Menu.Item>
      )}
      {mayDraw && !isLatest && number !== published && workflow.archived_at === null && (
        <Menu.Item leftSection={<IconRocket size={16} />} onClick={() => askToMakeLive(workflow, number)}>
          Make it live again…
        </Menu.Item>
      )}
    </MoreMenu>
  );
}
