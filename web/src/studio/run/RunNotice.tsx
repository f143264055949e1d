import { Loader } from "@mantine/core";
import { IconHistory, IconPlugConnectedX } from "@tabler/icons-react";
import { Notice } from "@/studio/core/Notice";
import { useRun } from "@/studio/core/useRun";
import { useEditor } from "@/studio/state/editor";
import { PageLink } from "@/shared/ui/links";
import { studioPage } from "@/shared/workflows/links";

/** Above the canvas: what has to be known of the execution that is shown on it. */
export function RunNotice() {
  const lost = useRun(({ connected, phase }) => phase === "live" && !connected);
  const debug = useRun(({ shown }) => shown?.debug === true);
  const version = useRun(({ shown }) => shown?.version ?? null);
  const execution = useRun(({ shown }) => shown?.id ?? null);
  const edited = useEditor((state) => state.basedOn);
  const workflowId = useEditor((state) => state.workflowId);
  if (lost) {
    return (
      <Notice>
        <IconPlugConnectedX size={16} aria-hidden />
        {debug
          ? "Debugging continues when the Hub is back. A session is kept for 45 seconds without it."
          : "The run continues in the meantime, and is shown again when the Hub is back."}
        <Loader size={14} aria-label="Connecting" />
      </Notice>
    );
  }
  if (version === null || version === edited || execution === null) return null;
  return (
    <Notice quiet>
      <IconHistory size={16} aria-hidden />
      <span>
        This is a run of version {version} on version {edited}.
      </span>
      <PageLink {...studioPage(workflowId, { version, execution })} size="xs">
        Open version {version}
      </PageLink>
    </Notice>
  );
}
