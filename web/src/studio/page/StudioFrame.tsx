import { ActionIcon, Loader, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useShown } from "@/shared/ui/useShown";
import { Canvas } from "@/studio/canvas/Canvas";
import { Keeping } from "@/studio/keeping/Keeping";
import { Grip } from "@/studio/page/Grip";
import { panels, type Panel } from "@/studio/page/panels";
import { PanelTabs } from "@/studio/page/PanelTabs";
import classes from "@/studio/page/Studio.module.css";
import { StudioPart } from "@/studio/page/StudioPart";
import { Toolbar } from "@/studio/page/Toolbar";
import { KeepChecked } from "@/studio/check/KeepChecked";
import { RunNotice } from "@/studio/run/RunNotice";
import { useRunAddress } from "@/studio/run/useRunAddress";
import { OldVersionNotice } from "@/studio/versions/OldVersionNotice";
import { VersionDialogs } from "@/studio/versions/VersionDialogs";
import { useShortcuts } from "@/studio/page/useShortcuts";
import { useEditor, useEditorActions } from "@/studio/state/editor";

const RIGHT = { least: 300, most: 720, usual: 372 };
const BOTTOM = { least: 120, most: 640, usual: 240 };

const at = (place: Panel["place"]) => panels.filter((panel) => panel.place === place);

/** Studio's page: the toolbar, the steps to choose from, the canvas, and the panels around it. */
export function StudioFrame() {
  useShortcuts();
  useShown("studio", true);
  useRunAddress();
  return (
    <div className={classes.studio}>
      <StudioPart what="The toolbar">
        <Toolbar />
      </StudioPart>
      <div className={classes.middle}>
        <div className={classes.main}>
          <div className={classes.upper}>
            <LeftPanel />
            <div className={classes.canvas}>
              <StudioPart what="The canvas">
                <Canvas />
              </StudioPart>
              <Keeping />
              <div className={classes.notices}>
                <StudioPart what="A notice">
                  <OldVersionNotice />
                  <RunNotice />
                </StudioPart>
              </div>
            </div>
          </div>
          <BottomPanel />
        </div>
        <RightPanel />
      </div>
      <KeepChecked />
      <VersionDialogs />
    </div>
  );
}

function LeftPanel() {
  const readOnly = useEditor((state) => state.readOnly);
  const [panel] = at("left");
  if (readOnly || panel === undefined) return null;
  return (
    <aside className={classes.left} aria-label={panel.title}>
      <StudioPart what={`The panel ${panel.title}`}>
        <panel.component />
      </StudioPart>
    </aside>
  );
}

function RightPanel() {
  const open = useEditor((state) => state.panels.right);
  const { openPanel } = useEditorActions();
  const [width, setWidth] = useLocalStorage({ key: "exekra-studio-right", defaultValue: RIGHT.usual });
  const readOnly = useEditor((state) => state.readOnly);
  const all = at("right").filter((panel) => !(readOnly && panel.changes));
  const shown = all.find((panel) => panel.id === open) ?? all[0];
  if (shown === undefined) return null;
  return (
    <>
      <Grip label="Width of the panel" orientation="vertical" size={width} {...RIGHT} onSize={setWidth} />
      <aside className={classes.right} style={{ width }} data-panel="right" aria-label={shown.title}>
        {all.length > 1 && (
          <PanelTabs label="Panels" panels={all} open={shown.id} onOpen={(id) => openPanel("right", id)} />
        )}
        <Content panel={shown} />
      </aside>
    </>
  );
}

function BottomPanel() {
  const open = useEditor((state) => state.panels.bottom);
  const { openPanel } = useEditorActions();
  const [height, setHeight] = useLocalStorage({ key: "exekra-studio-bottom", defaultValue: BOTTOM.usual });
  const all = at("bottom");
  const shown = all.find((panel) => panel.id === open);
  if (all.length === 0) return null;
  const label = shown === undefined ? "Open the drawer" : "Close the drawer";
  return (
    <section className={classes.bottom} aria-label="Drawer">
      {shown !== undefined && (
        <Grip label="Height of the drawer" orientation="horizontal" size={height} {...BOTTOM} onSize={setHeight} />
      )}
      <PanelTabs
        label="Drawer"
        panels={all}
        open={shown?.id ?? null}
        onOpen={(id) => openPanel("bottom", id === open ? null : id)}
      >
        <div style={{ flex: 1 }} />
        <Tooltip label={label} openDelay={300}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={label}
            onClick={() => openPanel("bottom", shown === undefined ? (all[0]?.id ?? null) : null)}
          >
            {shown === undefined ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
          </ActionIcon>
        </Tooltip>
      </PanelTabs>
      {shown !== undefined && (
        <div style={{ height, display: "flex", minHeight: 0 }}>
          <Content panel={shown} />
        </div>
      )}
    </section>
  );
}

function Content({ panel }: { panel: Panel }) {
  return (
    <div className={classes.content} role="tabpanel" id={`panel-${panel.id}`} aria-label={panel.title} tabIndex={-1}>
      <StudioPart
        key={panel.id}
        what={`The panel ${panel.title}`}
        waiting={<Loader size="sm" m="md" aria-label="Loading" />}
      >
        <panel.component />
      </StudioPart>
    </div>
  );
}
