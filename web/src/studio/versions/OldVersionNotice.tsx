import { Anchor, Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, dataOf } from "@/shared/api/client";
import { useMay } from "@/shared/session/session";
import { confirmFirst } from "@/shared/ui/confirm";
import { told } from "@/shared/ui/told";
import { Notice } from "@/studio/core/Notice";
import { useEditor } from "@/studio/state/editor";
import { refreshWorkflow, workflowQuery } from "@/shared/workflows/queries";

/** Above the canvas of an old version: that it is one, and the ways on. */
export function OldVersionNotice() {
  const id = useEditor((state) => state.workflowId);
  const number = useEditor((state) => state.basedOn);
  const readOnly = useEditor((state) => state.readOnly);
  const mayDraw = useMay("DEVELOPER");
  const navigate = useNavigate();
  const { data: workflow } = useQuery({ ...workflowQuery(id), enabled: readOnly });
  if (!readOnly || workflow === undefined || number >= workflow.latest_number) return null;
  const rollBack = () =>
    confirmFirst({
      title: `Roll ${workflow.name} back to version ${number}?`,
      text: "This creates a new draft from it and keeps all versions in between. What runs does not change until you publish the draft.",
      label: "Roll back",
      action: async () => {
        const params = { path: { workflow_id: id, number } };
        const saved = await dataOf(api.POST("/api/workflows/{workflow_id}/versions/{number}/roll-back", { params }));
        told(`Version ${saved.version.number} is a draft of version ${number}.`);
        await refreshWorkflow(id);
        await navigate({ href: `/studio/${id}` });
      },
    });
  return (
    <Notice>
      <IconHistory size={16} aria-hidden />
      <span>
        Version {number}, to look at.{" "}
        <Anchor component={Link} to={`/studio/${id}`} size="xs" inherit underline="always">
          Open the newest version
        </Anchor>
      </span>
      {mayDraw && (
        <Button size="compact-xs" variant="default" onClick={rollBack}>
          Roll back to this version
        </Button>
      )}
    </Notice>
  );
}
