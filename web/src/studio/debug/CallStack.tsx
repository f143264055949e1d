import { Anchor, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { api, dataOf } from "@/shared/api/client";
import { callsTo, idIn, nameOf } from "@/shared/flow/calls";
import { toldError } from "@/shared/ui/told";
import classes from "@/studio/debug/debug.module.css";
import type { Pause } from "@/studio/running/session";
import { useEditor, useEditorActions } from "@/studio/state/editor";

/** In which turn of which loop, and in which called workflow, it stands; the innermost first. */
export function CallStack({ pause }: { pause: Pause }) {
  const { revealNode } = useEditorActions();
  const shown = useEditor(({ calls }) => nameOf(calls, ""));
  const frames = [...pause.stack].reverse();
  return (
    <ol className={classes.stack}>
      {frames.map(({ node, workflow }, index) => {
        // A turn is told of the step that runs in it; people look for it at the loop.
        const turn = frames[index - 1]?.turn;
        return (
          <li key={`${node} ${index}`} className={classes.frame}>
            <UnstyledButton
              className={classes.frameButton}
              onClick={() => revealNode(node)}
              data-shown={nameOf(callsTo(node), "") === shown || undefined}
            >
              <span className={classes.marker}>{index === 0 && <IconChevronRight size={14} aria-hidden />}</span>
              <span className={classes.frameName}>{idIn(node)}</span>
              {turn !== undefined && turn !== null && <span className={classes.quiet}>turn {turn}</span>}
            </UnstyledButton>
            {workflow && (
              <Anchor
                component="button"
                type="button"
                size="xs"
                title={`Open ${workflow} in another tab`}
                onClick={() => void openWorkflow(workflow).catch(toldError)}
              >
                {workflow}
              </Anchor>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** Opens a called workflow beside this page, which keeps its debug session. */
async function openWorkflow(name: string): Promise<void> {
  const { items } = await dataOf(api.GET("/api/workflows", { params: { query: { text: name, limit: 50 } } }));
  const found = items.find((workflow) => workflow.name === name);
  if (found === undefined) throw new Error(`The workflow ${name} no longer exists.`);
  window.open(`/studio/${found.id}`, "_blank", "noopener");
}
