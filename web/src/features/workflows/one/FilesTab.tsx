import { Anchor, Button, FileButton, Menu, Skeleton, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconDownload, IconFiles, IconFileUpload, IconPencil, IconReplace, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { changeFiles, fileAddress, isConflict, type Put, putFiles } from "@/features/workflows/files";
import classes from "@/features/workflows/one/files.module.css";
import { FilesConflict } from "@/features/workflows/one/FilesConflict";
import { RenameFileForm } from "@/features/workflows/one/RenameFileForm";
import { type WorkflowFile } from "@/features/workflows/queries";
import { versionFilesQuery, type Workflow } from "@/shared/workflows/queries";
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
  "Templates, modules and workbooks that the workflow uses. They are part of each version and are copied to the Runner with it.";

interface Wanted {
  files: readonly File[];
  paths: readonly string[];
  /** The number of the version to which they were to be added. */
  number: number;
}

interface Props {
  workflow: Workflow;
  onPublish: () => void;
}

/** The files that belong to the newest version of a workflow. */
export function FilesTab({ workflow, onPublish }: Props) {
  const mayDraw = useMay("DEVELOPER") && workflow.archived_at === null;
  const number = workflow.latest_number;
  const { data, isError, error, refetch } = useQuery(versionFilesQuery(workflow.id, number));
  const present = data?.items ?? [];
  const put = useMutation({
    mutationFn: ({ files, paths }: Wanted) => putFiles(workflow, files, paths, present),
    onSuccess: (done, { paths }) => told(inWords(done, paths)),
  });
  const add = (files: readonly File[]) => {
    if (files.length === 0 || put.isPending) return;
    const paths = files.map(({ name }) => name);
    const clash = paths.filter((path) => present.some((file) => file.path === path));
    askFirst(clash.length > 0 && replacing(clash), () => put.mutate({ files, paths, number }));
  };
  const replace = (file: File, path: string) =>
    askFirst(extension(file.name) !== extension(path) && otherType(file.name, path), () =>
      put.mutate({ files: [file], paths: [path], number }),
    );
  const over = useDroppedFiles(add, mayDraw);
  if (data === undefined) {
    return isError ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Skeleton height={320} />;
  }
  const button = mayDraw && <AddButton loading={put.isPending} onFiles={add} />;
  const { variables: wanted } = put;
  return (
    <section aria-label="Files of the workflow" className={classes.place}>
      {over && <div className={classes.drop}>Drop to add to the workflow</div>}
      <Stack gap="sm">
        {put.isError &&
          (isConflict(put.error) && wanted ? (
            <FilesConflict
              workflow={workflow}
              message={put.error.message}
              files={wanted.files}
              basedOn={wanted.number}
              onAnyway={() => put.mutate({ ...wanted, number })}
            />
          ) : (
            <ErrorPanel error={put.error} />
          ))}
        {mayDraw && <Unpublished workflow={workflow} onPublish={onPublish} />}
        {data.items.length === 0 ? (
          <EmptyState
            icon={IconFiles}
            title="No files"
            text={mayDraw ? `${MEANING} Drop files here, or choose them.` : MEANING}
            action={button}
          />
        ) : (
          <>
            <div className={classes.head}>
              <Text size="sm" c="var(--exekra-quiet)" className={classes.meaning}>
                {MEANING} These are the files of version {number}.
              </Text>
              {button}
            </div>
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
                      <FileMenu workflow={workflow} file={file} mayDraw={mayDraw} onReplace={replace} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </>
        )}
      </Stack>
    </section>
  );
}

/** Says that executions do not have the newest files yet. */
function Unpublished({ workflow, onPublish }: Props) {
  const { latest_number: latest, published_number: published } = workflow;
  if (published === null || published === latest) return null;
  return (
    <Text size="sm">
      Version {latest} is a draft. Run uses version {published} and its files until you{" "}
      <Anchor component="button" type="button" inherit onClick={onPublish}>
        publish version {latest}
      </Anchor>
      .
    </Text>
  );
}

function AddButton({ loading, onFiles }: { loading: boolean; onFiles: (files: File[]) => void }) {
  return (
    <FileButton multiple onChange={onFiles} inputProps={{ "aria-label": "Files to add" }}>
      {(props) => (
        <Button
          {...props}
          flex="none"
          variant="default"
          loading={loading}
          leftSection={<IconFileUpload size={16} aria-hidden />}
        >
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
  onReplace: (file: File, path: string) => void;
}

function FileMenu({ workflow, file, mayDraw, onReplace }: MenuProps) {
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
          if (chosen !== undefined) onReplace(chosen, path);
        }}
      />
    </>
  );
}

function inWords({ added, replaced }: Put, paths: readonly string[]): string {
  const [path = ""] = paths;
  if (added.length + replaced.length === 0) {
    return paths.length === 1 ? `${path} has not changed.` : "The files have not changed.";
  }
  const count = (changed: string[]) => (changed.length === 1 ? changed[0] : `${changed.length} files`);
  return [
    ...(added.length > 0 ? [`Added ${count(added)}.`] : []),
    ...(replaced.length > 0 ? [`Replaced ${count(replaced)}.`] : []),
  ].join(" ");
}

interface Doubt {
  title: string;
  text: string;
}

function replacing(paths: readonly string[]): Doubt {
  const [path = ""] = paths;
  return paths.length === 1
    ? { title: `Replace ${path}?`, text: `The workflow already has a file ${path}. The versions before keep it.` }
    : {
        title: `Replace ${paths.length} files?`,
        text: `The workflow already has ${paths.join(", ")}. The versions before keep them.`,
      };
}

function otherType(name: string, path: string): Doubt {
  return {
    title: `Replace ${path} with ${name}?`,
    text: `${name} is of another type, and its content will be stored as ${path}.`,
  };
}

function extension(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0].toLowerCase() ?? "";
}

/** Acts at once, or after a question. */
function askFirst(doubt: Doubt | false, act: () => void): void {
  if (!doubt) return act();
  return confirmFirst({ ...doubt, label: "Replace", action: () => Promise.resolve(act()) });
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
