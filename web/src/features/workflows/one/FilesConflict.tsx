import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Workflow } from "@/shared/workflows/queries";
import { PageLink } from "@/shared/ui/links";
import { comparePage } from "@/shared/workflows/links";

interface Props {
  workflow: Workflow;
  /** Who saved, and when. */
  message: string;
  files: readonly File[];
  /** The number of the version to which they were to be added. */
  basedOn: number;
  onAnyway: () => void;
}

/** Somebody saved a version while another was adding files to the one before: what to do with these. */
export function FilesConflict({ workflow, message, files, basedOn, onAnyway }: Props) {
  const { id, latest_number: latest } = workflow;
  const one = files.length === 1;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title={message}>
      <Text size="sm">
        {one ? `${files[0]?.name ?? ""} was not added.` : `The ${files.length} files were not added.`} The files below
        are those of version {latest}.
      </Text>
      <Group mt="xs" gap="md">
        <Button size="xs" variant="default" onClick={onAnyway}>
          Add {one ? "it" : "them"} to version {latest} anyway
        </Button>
        <PageLink {...comparePage(id, basedOn, latest)} size="sm">
          Compare versions {basedOn} and {latest}
        </PageLink>
      </Group>
    </Alert>
  );
}
