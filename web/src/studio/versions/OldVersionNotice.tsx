import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMay } from "@/shared/session/session";
import { Notice } from "@/studio/core/Notice";
import { useEditor } from "@/studio/state/editor";
import { workflowQuery } from "@/shared/workflows/queries";
import { askToMakeLive, askToRollBack } from "@/shared/workflows/rollBack";
import { PageLink } from "@/shared/ui/links";
import { studioPage } from "@/shared/workflows/links";

/** Above the canvas of an old version: that it is one, and the ways on. */
export function OldVersionNotice() {
  const id = useEditor((state) => state.workflowId);
  const number = useEditor((state) => state.basedOn);
  const readOnly = useEditor((state) => state.readOnly);
  const mayDraw = useMay("DEVELOPER");
  const navigate = useNavigate();
  const { data: workflow } = useQuery({ ...workflowQuery(id), enabled: readOnly });
  if (!readOnly || workflow === undefined || number >= workflow.latest_number) return null;
  const openNewest = () => navigate(studioPage(id));
  return (
    <Notice>
      <IconHistory size={16} aria-hidden />
      <span>
        Version {number}, read-only.{" "}
        <PageLink {...studioPage(id)} size="xs" inherit underline="always">
          Open the newest version
        </PageLink>
      </span>
      {mayDraw && (
        <>
          <Button size="compact-xs" variant="default" onClick={() => askToRollBack(workflow, number, openNewest)}>
            Roll back to this version
          </Button>
          {number !== workflow.published_number && workflow.archived_at === null && (
            <Button size="compact-xs" variant="default" onClick={() => askToMakeLive(workflow, number, openNewest)}>
              Make it live again
            </Button>
          )}
        </>
      )}
    </Notice>
  );
}
