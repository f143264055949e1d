import { Loader, Text } from "@mantine/core";
import { IconFile, IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import classes from "@/features/executions/one/files.module.css";
import { type ExecutionFile, fileTextQuery, TEXT_BYTES } from "@/features/executions/queries";
import { fileAddress } from "@/shared/api/executionFiles";
import { bytes } from "@/shared/format/bytes";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** A file in place: a picture, a PDF, or the beginning of a text; of all else it says that it can be downloaded. */
export function FilePreview({ executionId, file }: { executionId: string; file: ExecutionFile }) {
  const [isBroken, setBroken] = useState(false);
  if (file.sha256 === null) {
    return (
      <Instead icon={<IconHourglass size={28} stroke={1.4} aria-hidden />}>The Runner is sending this file.</Instead>
    );
  }
  const address = fileAddress(executionId, file.id, { show: true });
  if (file.shown === "image" && !isBroken) {
    return (
      <div className={classes.picture}>
        <img src={address} alt={file.name} onError={() => setBroken(true)} />
      </div>
    );
  }
  if (file.shown === "pdf") return <iframe className={classes.pdf} src={address} title={file.name} />;
  if (file.shown === "text") return <TextPreview executionId={executionId} file={file} />;
  return (
    <Instead icon={<IconFile size={28} stroke={1.4} aria-hidden />}>
      {isBroken ? "This picture cannot be shown." : "Files of this type are not shown here."} Download it to open it.
    </Instead>
  );
}

function TextPreview({ executionId, file }: { executionId: string; file: ExecutionFile }) {
  const { data, isError, error, refetch } = useQuery(fileTextQuery(executionId, file.id));
  if (data === undefined) {
    return isError ? (
      <ErrorPanel error={error} onRetry={() => void refetch()} />
    ) : (
      <Instead icon={<Loader size="sm" />}>Reading the file…</Instead>
    );
  }
  return (
    <>
      <pre className={classes.text} tabIndex={0} aria-label={`Text of ${file.name}`}>
        {data}
      </pre>
      {file.size > TEXT_BYTES && (
        <Text className={classes.foot}>The first {bytes(TEXT_BYTES)}. Download the file to see all of it.</Text>
      )}
    </>
  );
}

function Instead({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.instead}>
      {icon}
      <Text size="sm">{children}</Text>
    </div>
  );
}
