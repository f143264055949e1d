import { Anchor, Button, Skeleton, Text, Title, UnstyledButton } from "@mantine/core";
import {
  IconDownload,
  IconFile,
  IconFileText,
  IconFileTypePdf,
  IconFiles,
  IconPhoto,
  type Icon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { FilePreview } from "@/features/executions/one/FilePreview";
import classes from "@/features/executions/one/files.module.css";
import { type ExecutionDetail, type ExecutionFile, filesQuery } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { fileAddress } from "@/shared/api/executionFiles";
import { inWords } from "@/shared/flow/calls";
import { bytes } from "@/shared/format/bytes";
import { EmptyState } from "@/shared/ui/EmptyState";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

const REFRESH_MILLISECONDS = 3_000;
const PICTURES: Record<string, Icon> = { image: IconPhoto, pdf: IconFileTypePdf, text: IconFileText };

/** The files that an execution was given and kept: a list, and the chosen one beside it. */
export function FilesTab({
  execution,
  file: chosen,
  onFile,
}: {
  execution: ExecutionDetail;
  file: string | undefined;
  onFile: (id: string) => void;
}) {
  const { data, isError, error, refetch } = useQuery({
    ...filesQuery(execution.id),
    refetchInterval: ({ state }) =>
      isActive(execution.state) || state.data?.items.some(isOnItsWay) === true ? REFRESH_MILLISECONDS : false,
  });
  if (data === undefined) {
    return isError ? <ErrorPanel error={error} onRetry={() => void refetch()} /> : <Skeleton height={420} />;
  }
  const first = data.items[0];
  if (first === undefined) {
    return (
      <EmptyState
        icon={IconFiles}
        title="No files"
        text={
          isActive(execution.state)
            ? "Files that the workflow keeps are shown here as soon as they arrive."
            : "This execution kept no files. A workflow keeps one with the activity Keep file."
        }
      />
    );
  }
  const shown = data.items.find(({ id }) => id === chosen) ?? first;
  return (
    <div className={classes.room}>
      <section className={classes.list} aria-label="Files">
        {data.items.map((file) => (
          <FileRow key={file.id} file={file} isShown={file === shown} onFile={onFile} />
        ))}
      </section>
      <section className={classes.preview} aria-label={shown.name}>
        <Head execution={execution.id} file={shown} />
        <FilePreview key={shown.id} executionId={execution.id} file={shown} />
      </section>
    </div>
  );
}

function FileRow({ file, isShown, onFile }: { file: ExecutionFile; isShown: boolean; onFile: (id: string) => void }) {
  const Picture = PICTURES[file.shown ?? ""] ?? IconFile;
  return (
    <UnstyledButton className={classes.file} aria-current={isShown || undefined} onClick={() => onFile(file.id)}>
      <Picture size={18} stroke={1.6} aria-hidden />
      <span className={classes.names}>
        <span className={classes.truncated} title={file.name}>
          {file.name}
        </span>
        <span className={classes.quiet}>{origin(file)}</span>
      </span>
      <span className={classes.figures}>
        <span>{isOnItsWay(file) ? progress(file) : bytes(file.size)}</span>
        <span className={classes.quiet}>
          <Ago at={file.kept_at} />
        </span>
      </span>
    </UnstyledButton>
  );
}

function Head({ execution, file }: { execution: string; file: ExecutionFile }) {
  return (
    <div className={classes.head}>
      <div className={classes.names}>
        <Title order={2} size="sm" className={classes.truncated} title={file.name}>
          {file.name}
        </Title>
        <Text className={classes.quiet}>
          {file.media_type}, {bytes(file.size)}
        </Text>
      </div>
      {file.shown !== null && !isOnItsWay(file) && (
        <Anchor href={fileAddress(execution, file.id, { show: true })} target="_blank" size="sm">
          Open in a new tab
        </Anchor>
      )}
      <Button
        component="a"
        href={fileAddress(execution, file.id)}
        download
        size="xs"
        variant="default"
        leftSection={<IconDownload size={15} aria-hidden />}
        disabled={isOnItsWay(file)}
      >
        Download
      </Button>
    </div>
  );
}

function isOnItsWay(file: ExecutionFile): boolean {
  return file.sha256 === null;
}

function progress({ received, size }: ExecutionFile): string {
  return `${size === 0 ? 0 : Math.floor((received / size) * 100)} % sent`;
}

function origin({ kind, node }: ExecutionFile): string {
  const by = node === null ? "" : ` by ${inWords(node)}`;
  return { input: "Input", kept: `Kept${by}`, output: "Output" }[kind];
}
