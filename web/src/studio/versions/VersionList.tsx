import { Badge, Button, Group, ScrollArea, Skeleton, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/shared/api/client";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { useEditor } from "@/studio/state/editor";
import { versionsQuery } from "@/shared/workflows/queries";
import { PageLink } from "@/shared/ui/links";
import { studioPage, comparePage, versionsPage } from "@/shared/workflows/links";

const WORDS: Record<Schemas["VersionAnswer"]["state"], { word: string; color: string }> = {
  draft: { word: "Draft", color: "gray" },
  published: { word: "Published", color: "teal" },
  superseded: { word: "Superseded", color: "gray" },
};

/** The workflow's versions, the newest first: to be opened, and to be compared with the one that is open. */
export function VersionList({ onClose }: { onClose: () => void }) {
  const id = useEditor((state) => state.workflowId);
  const open = useEditor((state) => state.basedOn);
  const versions = useQuery({ ...versionsQuery(id), staleTime: 0 });
  if (versions.isError) return <ErrorPanel error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.data === undefined) return <Skeleton height={240} />;
  const { items, next_cursor: more } = versions.data;
  const newest = items[0]?.number;
  return (
    <Stack>
      <ScrollArea.Autosize
        mah={460}
        type="auto"
        viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Versions" }}
      >
        <Table verticalSpacing={6} stickyHeader layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={124}>Version</Table.Th>
              <Table.Th w={98}>Saved</Table.Th>
              <Table.Th w={148}>By</Table.Th>
              <Table.Th>Note</Table.Th>
              <Table.Th w={128}>
                <VisuallyHidden>Actions</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ number, state, created_at, author, note, release_notes }) => (
              <Table.Tr key={number}>
                <Table.Td>
                  <Group gap={8} wrap="nowrap">
                    {number}
                    {state !== "superseded" && (
                      <Badge
                        className="exekra-badge"
                        data-color={WORDS[state].color}
                        color={WORDS[state].color}
                        variant="light"
                        size="sm"
                        radius="sm"
                        tt="none"
                        flex="none"
                      >
                        {WORDS[state].word}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <Ago at={created_at} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm" truncate title={author ?? ""}>
                    {author ?? "–"}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" truncate title={release_notes || note}>
                    {release_notes || note}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {number === open ? (
                    <Text size="sm" c="var(--exekra-quiet)" ta="right">
                      Open here
                    </Text>
                  ) : (
                    <Group gap="sm" wrap="nowrap" justify="flex-end">
                      <PageLink
                        {...studioPage(id, number === newest ? {} : { version: number })}
                        size="sm"
                        onClick={onClose}
                        aria-label={`Open version ${number}`}
                      >
                        Open
                      </PageLink>
                      <PageLink
                        {...comparePage(id, number, open)}
                        size="sm"
                        onClick={onClose}
                        aria-label={`Compare version ${number} with version ${open}`}
                      >
                        Compare
                      </PageLink>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      <Group justify="space-between">
        {more === null ? (
          <span />
        ) : (
          <PageLink {...versionsPage(id)} size="sm" onClick={onClose}>
            See all versions
          </PageLink>
        )}
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
