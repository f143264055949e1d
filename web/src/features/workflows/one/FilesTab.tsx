import { Anchor, Button, FileButton, Group, Menu, Skeleton, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconDownload, IconFiles, IconFileUpload, IconPencil, IconReplace, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { changeFiles, fileAddress, putFiles } from "@/features/workflows/files";
import classes from "@/features/workflows/one/files.module.css";
import { RenameFileForm } from "@/features/workflows/one/RenameFileForm";
import { versionFilesQuery, type Workflow, type WorkflowFile } from "@/features/workflows/queries";
import { bytes } from "@/shared/format/bytes";
import { useMay } from "@/shared/session/session";
import { confirmFirst } from "@/shared/ui/confirm";
import { openDialog } from "@/shared/ui/dialogs";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { MoreMenu } from "@/shared/ui/MoreMenu";
import { told } from "@/shared/ui/told";
import { useDroppedFiles } from "@/shared/ui/useDroppedFiles";

const MEANING =
  "Templates, modules and workbooks that the workflow needs. They belong to its version and lie beside it wherever it runs.";

interface Put {
  files: readonly File[];
  /** Their paths; the files' own names where left out. */
  paths?: readonly string[];
}

/** The files that belong to the newest version of a workflow. */
export function FilesTab({ workflow }: { workflow: Workflow }) {
  const mayDraw = useMay("DEVELOPER") && workflow.archived_at === null;
  const number = workflow.latest_number;
  const { data, isError, error, refetch } = useQuery(versionFilesQuery(workflow.id, number));
  const put = useMutation({
    mutationFn: ({ files, paths = files.map(({ name }) => name) }: Put) => putFiles(workflow, files, paths),
    onSuccess: (_, { files }) =>
      told(`${files.length === 1 ? (files[0]?.name ?? "") : `${files.length} files`} added.`),
  });
  const take = (files: readonly File[]) => files.length > 0 && !put.isPending && put.mutate({ files });
  const over = useDroppedFiles(take, mayDraw);
  if (data === undefined) {
    return isError ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Skeleton height={320} />;
  }
  const add = mayDraw && <AddButton loading={put.isPending} onFiles={take} />;
  return (
    <section aria-label="Files of the workflow" className={classes.place} data-over={over || undefined}>
      {put.isError && <ErrorPanel error={put.error} />}
      {data.items.length === 0 ? (
        <EmptyState
          icon={IconFiles}
          title="No files"
          text={mayDraw ? `${MEANING} Drop files here, or choose them.` : MEANING}
          action={add}
        />
      ) : (
        <>
          <Group justify="space-between" mb="sm" wrap="nowrap">
            <Text size="sm" c="var(--exekra-quiet)">
              {MEANING} These are the files of version {number}.
            </Text>
            {add}
          </Group>
          <Table aria-label="Files" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Path</Table.Th>
                <Table.Th className={classes.size}>Size</Table.Th>
                <Table.Th className={classes.more}>
                  <VisuallyHidden>Actions</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.items.map((file) => (
                <Table.Tr key={file.path}>
                  <Table.Td className={classes.path}>
                    <FileLink workflow={workflow} file={file} />
                  </Table.Td>
                  <Table.Td className={classes.size}>{bytes(file.size)}</Table.Td>
                  <Table.Td className={classes.more}>
                    <FileMenu workflow={workflow} file={file} mayDraw={mayDraw} onPut={put.mutate} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </>
      )}
    </section>
  );
}

function AddButton({ loading, onFiles }: { loading: boolean; onFiles: (files: File[]) => void }) {
  return (
    <FileButton multiple onChange={onFiles} inputProps={{ "aria-label": "Files to add" }}>
      {(props) => (
        <Button {...props} variant="default" loading={loading} leftSection={<IconFileUpload size={16} aria-hidden />}>
          Add files
        </Button>
      )}
    </FileButton>
  );
}

/** Shows a picture, a PDF or a text in a new tab; downloads any other file. */
function FileLink({ workflow, file }: { workflow: Workflow; file: WorkflowFile }) {
  const show = file.shown !== null;
  const href = fileAddress(workflow.id, workflow.latest_number, file.path, { show });
  return (
    <Anchor href={href} size="sm" {...(show ? { target: "_blank" } : { download: true })}>
      {file.path}
    </Anchor>
  );
}

interface MenuProps {
  workflow: Workflow;
  file: WorkflowFile;
  mayDraw: boolean;
  onPut: (put: Put) => void;
}

function FileMenu({ workflow, file, mayDraw, onPut }: MenuProps) {
  const choose = useRef<HTMLInputElement>(null);
  const { path } = file;
  return (
    <>
      <MoreMenu label={`Actions for ${path}`}>
        <Menu.Item
          component="a"
          href={fileAddress(workflow.id, workflow.latest_number, path)}
          download
          leftSection={<IconDownload size={16} />}
        >
          Download
        </Menu.Item>
        {mayDraw && (
          <>
            <Menu.Item leftSection={<IconReplace size={16} />} onClick={() => choose.current?.click()}>
              Replace…
            </Menu.Item>
            <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => askToRename(workflow, path)}>
              Rename…
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} />} onClick={() => askToRemove(workflow, path)}>
              Remove…
            </Menu.Item>
          </>
        )}
      </MoreMenu>
      <input
        ref={choose}
        type="file"
        hidden
        aria-label={`The file in place of ${path}`}
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          event.currentTarget.value = ""; // So that the same file can be chosen again.
          if (chosen !== undefined) onPut({ files: [chosen], paths: [path] });
        }}
      />
    </>
  );
}

function askToRename(workflow: Workflow, path: string): void {
  openDialog(`Rename ${path}`, (close) => <RenameFileForm workflow={workflow} path={path} onClose={close} />);
}

function askToRemove(workflow: Workflow, path: string): void {
  confirmFirst({
    title: `Remove ${path}?`,
    text: "This makes a new version without it. The versions before keep the file.",
    label: "Remove",
    danger: true,
    action: () => changeFiles(workflow, [{ action: "remove", path }]),
  });
}
