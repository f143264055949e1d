import { Tooltip } from "@mantine/core";
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCheck,
  IconLoader2,
  IconMessage2,
  IconPlayerPauseFilled,
  IconPlayerStopFilled,
  IconRotate,
  IconX,
} from "@tabler/icons-react";
import { memo, use } from "react";
import { duration } from "@/shared/format/time";
import { BreakpointContext, FarContext } from "@/shared/flow/canvasContext";
import classes from "@/shared/flow/FlowGraph.module.css";
import { colorOfCategory, EntryIcon } from "@/shared/flow/icons";
import type { StepData } from "@/shared/flow/pictureNodes";
import type { NodeRunState } from "@/shared/flow/runState";
import { warningsInWords } from "@/shared/flow/warnings";

const DELAY = 400;

/** A step as a card: what it is, what it is called, what it does in a line, and how it is with it. */
export const NodeCard = memo(function NodeCard({ data, selected }: { data: StepData; selected: boolean }) {
  const { entry, node, id } = data;
  const color = colorOfCategory(entry.category);
  if (use(FarContext)) {
    const tone = data.run ? RUN_COLORS[data.run.state] : color;
    return (
      <div
        className={classes.far}
        data-state={data.run?.state}
        data-selected={selected || undefined}
        data-mark={data.mark}
        style={{ ["--far" as string]: `var(--mantine-color-${tone}-6)` }}
      />
    );
  }
  return (
    <div
      className={classes.card}
      data-shape={data.parts.shape}
      data-selected={selected || undefined}
      data-disabled={node.enabled === false || undefined}
      data-unknown={!entry.known || undefined}
      data-foldable={entry.bodies.length > 0 || undefined}
      data-folded={data.collapsed !== undefined || undefined}
      data-mark={data.mark}
      data-state={data.run?.state}
    >
      <span
        className={classes.icon}
        style={{
          background: `var(--mantine-color-${color}-light)`,
          color: `var(--mantine-color-${color}-light-color)`,
        }}
      >
        <EntryIcon entry={entry} size={19} />
      </span>
      <span className={classes.words}>
        <span className={classes.name} title={id}>
          {id}
        </span>
        <span className={classes.summary} title={`${entry.title}${data.summary && `: ${data.summary}`}`}>
          <span className={classes.kind}>{entry.title}</span>
          {data.summary && ` · ${data.summary}`}
        </span>
      </span>
      <Badges data={data} />
      <BreakpointDot node={id} kind={data.decoration?.breakpoint} />
    </div>
  );
});

const RUN_COLORS: Record<NodeRunState["state"], string> = {
  running: "blue",
  done: "teal",
  failed: "red",
  stopped: "gray",
  skipped: "gray",
  paused: "yellow",
};

const MARK_WORDS = { added: "Added", removed: "Removed", changed: "Changed" };

function Badges({ data }: { data: StepData }) {
  const { node, decoration, run, collapsed, note } = data;
  return (
    <span className={classes.badges}>
      {data.mark && <span className={classes.badge}>{MARK_WORDS[data.mark]}</span>}
      {run && <RunBadge run={run} />}
      {run && <WarningBadge run={run} />}
      {collapsed !== undefined && <span className={classes.badge}>{collapsed} inside</span>}
      {node.enabled === false && <span className={classes.badge}>Disabled</span>}
      {node.retry && (
        <Tooltip label={`Retried up to ${node.retry.times} times`} openDelay={DELAY}>
          <span className={classes.badge}>
            <IconRotate size={11} aria-hidden /> {node.retry.times}
          </span>
        </Tooltip>
      )}
      {note && (
        <Tooltip label={note} multiline maw={320} openDelay={DELAY}>
          <span className={classes.badge} aria-label={`Note: ${note}`} role="img">
            <IconMessage2 size={12} aria-hidden />
          </span>
        </Tooltip>
      )}
      {decoration?.problem && (
        <Tooltip label={decoration.problems} multiline maw={360} openDelay={DELAY}>
          <span
            className={classes.badge}
            data-tone={decoration.problem === "error" ? "red" : "yellow"}
            aria-label={`${decoration.problem === "error" ? "Error" : "Warning"}: ${decoration.problems ?? ""}`}
            role="img"
          >
            {decoration.problem === "error" ? (
              <IconAlertCircle size={13} aria-hidden />
            ) : (
              <IconAlertTriangle size={13} aria-hidden />
            )}
          </span>
        </Tooltip>
      )}
    </span>
  );
}

const RUN_LOOKS = {
  running: { tone: "blue", word: "Running", icon: IconLoader2 },
  done: { tone: "teal", word: "Done", icon: IconCheck },
  failed: { tone: "red", word: "Failed", icon: IconX },
  stopped: { tone: undefined, word: "Stopped", icon: IconPlayerStopFilled },
  skipped: { tone: undefined, word: "Skipped", icon: null },
  paused: { tone: "yellow", word: "Paused", icon: IconPlayerPauseFilled },
} as const;

function RunBadge({ run }: { run: NodeRunState }) {
  const { tone, word, icon: Picture } = RUN_LOOKS[run.state];
  const figures = [
    run.count !== undefined && run.count > 1 ? `${run.count.toLocaleString("en")}×` : "",
    run.seconds === undefined ? "" : duration(run.seconds),
  ].filter(Boolean);
  return (
    <Tooltip label={run.note} disabled={!run.note} multiline maw={360} openDelay={DELAY}>
      <span className={classes.badge} data-tone={tone}>
        {Picture && <Picture size={12} aria-hidden />}
        {figures.length > 0 ? <span aria-label={`${word}, ${figures.join(", ")}`}>{figures.join(" · ")}</span> : word}
      </span>
    </Tooltip>
  );
}

function WarningBadge({ run }: { run: NodeRunState }) {
  const words = warningsInWords(run);
  if (words === "") return null;
  return (
    <Tooltip label={words} multiline maw={360} openDelay={DELAY}>
      <span className={classes.badge} data-tone="yellow" data-warnings={run.warnings} aria-label={words} role="img">
        <IconAlertTriangle size={13} aria-hidden />
      </span>
    </Tooltip>
  );
}

const BREAKPOINT_WORDS = {
  always: "Breakpoint",
  conditional: "Breakpoint with a condition",
  resting: "Breakpoint, disabled",
} as const;

/**
 * The place of a breakpoint at the left edge: a click sets and removes it, as F9 does; one with the other button edits
 * its condition.
 */
function BreakpointDot({ node, kind }: { node: string; kind: keyof typeof BREAKPOINT_WORDS | undefined }) {
  const actions = use(BreakpointContext);
  const sign = kind === "conditional" ? "?" : "";
  if (actions === null) {
    return (
      kind && (
        <span
          className={classes.breakpoint}
          data-kind={kind}
          role="img"
          aria-label={BREAKPOINT_WORDS[kind]}
          title={BREAKPOINT_WORDS[kind]}
        >
          {sign}
        </span>
      )
    );
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${classes.breakpoint} nodrag nopan`}
      data-breakpoint
      data-kind={kind ?? "none"}
      aria-label={
        kind === undefined ? `Set a breakpoint at ${node}` : `${BREAKPOINT_WORDS[kind]} at ${node}: remove it`
      }
      title={
        kind === undefined
          ? "Click to set a breakpoint (F9), right-click to set one with a condition"
          : `${BREAKPOINT_WORDS[kind]}. Click to remove it (F9), right-click to edit its condition`
      }
      onClick={(event) => {
        event.stopPropagation();
        actions.toggle(node);
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        actions.editCondition(node);
      }}
    >
      {sign}
    </button>
  );
}
