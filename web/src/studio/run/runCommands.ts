import {
  IconArrowBigRightLine,
  IconBug,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconPlayerTrackNext,
  IconStepInto,
  IconStepOut,
  IconX,
} from "@tabler/icons-react";
import type { Command } from "@/studio/core/command";
import type { Studio } from "@/studio/core/studio";
import { askOrStart, PLAIN, startAt } from "@/studio/run/startRun";
import type { EditorState } from "@/studio/state/editor";

const isLive = ({ runPhase }: EditorState) =>
  runPhase === "running" || runPhase === "debugging" || runPhase === "paused";
const isPaused = ({ runPhase }: EditorState) => runPhase === "paused";
const mayStart = (state: EditorState) => !isLive(state) && !state.readOnly && hasNodes(state);
const hasNodes = ({ flow }: EditorState) => Object.keys(flow.nodes).length > 0;
const hasOne = ({ selection }: EditorState) => selection.nodes.length === 1;

function command(studio: Studio, name: "resume" | "pause" | "step_over" | "step_into" | "step_out"): void {
  void studio.run.command({ command: name });
}

function fromHere(studio: Studio, only: boolean, debug: boolean): void {
  const [node] = studio.store.getState().selection.nodes;
  if (node !== undefined) void startAt(studio, node, only, debug);
}

/** What has to do with running and debugging. The toolbar shows its own buttons for these. */
export const runCommands: readonly Command[] = [
  {
    name: "run",
    label: (state) => (isPaused(state) ? "Continue" : "Run"),
    icon: IconPlayerPlay,
    keys: ["F5"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: (state) => isPaused(state) || mayStart(state),
    run: (studio) => {
      if (isPaused(studio.store.getState())) command(studio, "resume");
      else askOrStart(studio, PLAIN);
    },
  },
  {
    name: "debug",
    label: "Debug",
    icon: IconBug,
    keys: ["F7"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: mayStart,
    run: (studio) => askOrStart(studio, { ...PLAIN, debug: true }),
  },
  {
    name: "run-with",
    label: "Run with other inputs or on another Runner",
    section: "Run",
    changes: true,
    enabled: mayStart,
    run: (studio) => askOrStart(studio, PLAIN, { always: true }),
  },
  {
    name: "run-published",
    label: "Run the published version",
    section: "Run",
    enabled: (state) => !isLive(state),
    run: (studio) => askOrStart(studio, { ...PLAIN, published: true }),
  },
  {
    name: "run-from-here",
    label: "Run from this step",
    icon: IconPlayerSkipForward,
    section: "Run",
    changes: true,
    own: true,
    enabled: (state) => mayStart(state) && hasOne(state),
    run: (studio) => fromHere(studio, false, false),
  },
  {
    name: "debug-from-here",
    label: "Debug from this step",
    section: "Run",
    changes: true,
    own: true,
    enabled: (state) => mayStart(state) && hasOne(state),
    run: (studio) => fromHere(studio, false, true),
  },
  {
    name: "run-alone",
    label: "Run this step only",
    icon: IconPlayerTrackNext,
    section: "Run",
    changes: true,
    own: true,
    enabled: (state) => mayStart(state) && hasOne(state),
    run: (studio) => fromHere(studio, true, false),
  },
  {
    name: "stop",
    label: "Stop",
    icon: IconPlayerStop,
    keys: ["shift+F5"],
    everywhere: true,
    section: "Run",
    enabled: isLive,
    run: ({ run }) => void run.stop(),
  },
  {
    name: "pause",
    label: "Pause",
    icon: IconPlayerPause,
    keys: ["F6"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: ({ runPhase }) => runPhase === "debugging",
    run: (studio) => command(studio, "pause"),
  },
  {
    name: "step-over",
    label: "Step over",
    icon: IconArrowBigRightLine,
    keys: ["F10"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: isPaused,
    run: (studio) => command(studio, "step_over"),
  },
  {
    name: "step-into",
    label: "Step into",
    icon: IconStepInto,
    keys: ["F11"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: isPaused,
    run: (studio) => command(studio, "step_into"),
  },
  {
    name: "step-out",
    label: "Step out",
    icon: IconStepOut,
    keys: ["shift+F11"],
    everywhere: true,
    section: "Run",
    changes: true,
    enabled: isPaused,
    run: (studio) => command(studio, "step_out"),
  },
  {
    name: "clear-run",
    label: "Clear the run",
    icon: IconX,
    keys: ["Escape"],
    section: "Run",
    enabled: ({ runPhase }) => runPhase === "ended",
    run: ({ run }) => run.clear(),
  },
];
