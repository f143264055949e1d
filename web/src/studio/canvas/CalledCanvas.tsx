import { Skeleton, Text } from "@mantine/core";
import { useReactFlow } from "@xyflow/react";
import { useEffect, useMemo, useRef, type KeyboardEvent } from "react";
import { BreakpointContext } from "@/shared/flow/canvasContext";
import { callsTo, idIn, nameOf } from "@/shared/flow/calls";
import { CallTrail } from "@/shared/flow/CallTrail";
import { FlowGraph } from "@/shared/flow/FlowGraph";
import type { Called } from "@/shared/flow/trail";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import classes from "@/studio/canvas/Called.module.css";
import { opened } from "@/studio/canvas/opened";
import { useCalledOverlay } from "@/studio/canvas/useCalledOverlay";
import { useShownTrail } from "@/studio/called/useShownTrail";
import { StepMenu } from "@/studio/canvas/StepMenu";
import { breakpointMarks } from "@/studio/running/breakpoints";
import { showCalled } from "@/studio/called/showCalled";
import { useBreakpointActions } from "@/studio/debug/useBreakpointActions";
import { useStudio } from "@/studio/core/studio";
import { useEditor, useEditorStore } from "@/studio/state/editor";
import { PageLink } from "@/shared/ui/links";
import { studioPage } from "@/shared/workflows/links";

/** Over the canvas: a called workflow, to look at it, at what runs in it, and to set breakpoints there. */
export function CalledCanvas() {
  const store = useEditorStore();
  const root = useEditor(({ flow }) => flow.name);
  const calls = useEditor((state) => state.calls);
  const element = useRef<HTMLDivElement>(null);
  const { data: trail, error, refetch } = useShownTrail(calls);
  const called = trail?.at(-1);
  useEffect(() => {
    if (trail !== undefined) store.actions.setTrail(trail);
  }, [store, trail]);
  useEffect(() => {
    // What had the keyboard lies under this now.
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
    return focusOwn;
  }, []);
  const back = () => store.actions.lookInto(calls.slice(0, -1));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    back();
  };
  return (
    <section
      ref={element}
      className={classes.called}
      tabIndex={-1}
      aria-label={`Called workflow ${called?.name ?? ""}`}
      data-called-canvas
      onKeyDown={onKeyDown}
    >
      <CallTrail root={root} calls={calls} trail={trail ?? []} onGo={store.actions.lookInto}>
        <Text size="xs" c="var(--exekra-quiet)" flex="none">
          Read-only
        </Text>
        {called !== undefined && (
          <PageLink {...studioPage(called.workflowId)} target="_blank" rel="noopener" size="xs" flex="none">
            Open in another tab
          </PageLink>
        )}
      </CallTrail>
      <div className={classes.graph}>
        {error !== null ? (
          <div className={classes.problem}>
            <ErrorPanel error={error} onRetry={() => void refetch()} />
          </div>
        ) : called === undefined ? (
          <Skeleton height="100%" radius={0} role="status" aria-label="Loading the called workflow" />
        ) : (
          <CalledGraph key={`${nameOf(calls, called.workflowId)} ${called.version}`} called={called} />
        )}
      </div>
      <StepMenu element={element} />
    </section>
  );
}

/** Gives the keyboard back to the canvas under this. */
function focusOwn(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>("[data-canvas]")?.focus({ preventScroll: true });
}

function CalledGraph({ called }: { called: Called }) {
  const store = useEditorStore();
  const calls = useEditor((state) => state.calls);
  const catalogue = useEditor((state) => state.catalogue);
  const chosen = useEditor((state) => state.calledNode);
  const breakpoints = useEditor(({ flow }) => flow.layout.breakpoints);
  const reveal = useEditor((state) => state.reveal);
  const overlay = useCalledOverlay(calls, called.flow);
  const actions = useBreakpointActions(calls);
  const marks = useMemo(() => breakpointMarks(breakpoints, calls), [breakpoints, calls]);
  const focus = reveal !== null && nameOf(callsTo(reveal.node), "") === nameOf(calls, "") ? idIn(reveal.node) : null;
  const flow = useMemo(() => opened(called.flow, catalogue, focus), [called.flow, catalogue, focus]);
  return (
    <BreakpointContext value={actions}>
      <FlowGraph
        flow={flow}
        catalogue={catalogue}
        {...(overlay !== null && { overlay })}
        decorations={marks}
        selected={chosen}
        onSelect={store.actions.chooseCalled}
        onOpen={(node) => {
          if (!showCalled(store, node)) store.actions.openPanel("right", "properties");
        }}
        focus={focus}
      >
        <Port />
      </FlowGraph>
    </BreakpointContext>
  );
}

const PADDING = 0.15;

/** Lets the page's commands move this picture instead of the one under it. */
function Port() {
  const { canvas } = useStudio();
  const view = useReactFlow();
  useEffect(() => {
    const nothing = () => undefined;
    return canvas.attach({
      show: nothing,
      fit: () => void view.fitView({ padding: PADDING, maxZoom: 1 }),
      zoomBy: (factor) => void view.zoomTo(view.getZoom() * factor),
      zoomTo: (zoom) => void view.zoomTo(zoom),
      centre: () => ({ x: 0, y: 0 }),
      begin: nothing,
      insert: nothing,
      pick: nothing,
      openSearch: nothing,
      focus: () => document.querySelector<HTMLElement>("[data-called-canvas]")?.focus({ preventScroll: true }),
    });
  }, [canvas, view]);
  return null;
}
