import { ActionIcon, Button, Group, Kbd, Loader, Menu, Tooltip } from "@mantine/core";
import { IconBug, IconChevronDown, IconPlayerPlay, IconPlayerStop, IconX } from "@tabler/icons-react";
import { countedWarnings, sumOfWarnings } from "@/shared/flow/warnings";
import { Elapsed } from "@/shared/ui/Elapsed";
import { StateBadge } from "@/shared/ui/StateBadge";
import { isEnabled, labelOf, shownKeys, type Command } from "@/studio/core/command";
import { useStudio } from "@/studio/core/studio";
import classes from "@/studio/run/run.module.css";
import { runCommands } from "@/studio/run/runCommands";
import { nodesRun } from "@/studio/running/runState";
import { askOrStart, PLAIN } from "@/studio/run/startRun";
import { useSingleClicks } from "@/studio/run/useSingleClicks";
import { useRun, useRunning } from "@/studio/core/useRun";
import { useEditor } from "@/studio/state/editor";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const RunDialog = lazyPart(() => import("@/studio/run/RunDialog"), "RunDialog");

/** The toolbar's part for running and debugging: what can be done now, and how the execution is getting on. */
export function RunBar() {
  const live = useRun(({ phase }) => phase === "live" || phase === "starting");
  const debug = useRun(({ shown }) => shown?.debug === true);
  const run = useRunning();
  const asking = useRun((state) => state.asking !== null);
  const onClickCapture = useSingleClicks();
  return (
    <>
      <Progress />
      <div className={classes.buttons} onClickCapture={onClickCapture}>
        {live && debug && <DebugButtons />}
        {live ? <StopButton /> : <StartButtons />}
      </div>
      <ErrorBoundary what="The dialog" onClose={() => run.close()}>
        {asking && <RunDialog />}
      </ErrorBoundary>
    </>
  );
}

function StartButtons() {
  const readOnly = useEditor((state) => state.readOnly);
  const empty = useEditor(({ flow }) => Object.keys(flow.nodes).length === 0);
  const studio = useStudio();
  const published = () => askOrStart(studio, { ...PLAIN, published: true });
  if (readOnly) {
    return (
      <Button size="xs" flex="none" leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={published}>
        Run the published version
      </Button>
    );
  }
  return (
    <>
      <Button.Group>
        <Tooltip label="Run what you see (F5)" openDelay={300}>
          <Button
            size="xs"
            variant="default"
            disabled={empty}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => askOrStart(studio, PLAIN)}
          >
            Run
          </Button>
        </Tooltip>
        <Menu position="bottom-end" width={340} withinPortal>
          <Menu.Target>
            <Button size="xs" variant="default" px={6} aria-label="More ways to run">
              <IconChevronDown size={14} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {["run-with", "run-from-here", "debug-from-here", "run-alone", "run-published"].map((name) => (
              <MenuCommand key={name} name={name} />
            ))}
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      <Tooltip label="Run and pause at breakpoints and failures (F7)" openDelay={300}>
        <Button
          size="xs"
          variant="default"
          flex="none"
          disabled={empty}
          leftSection={<IconBug size={16} aria-hidden />}
          onClick={() => askOrStart(studio, { ...PLAIN, debug: true })}
        >
          Debug
        </Button>
      </Tooltip>
    </>
  );
}

function commandOf(name: string): Command {
  const found = runCommands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`There is no command ${name}.`);
  return found;
}

function MenuCommand({ name }: { name: string }) {
  const studio = useStudio();
  const command = commandOf(name);
  const enabled = useEditor((state) => isEnabled(command, state));
  const label = useEditor((state) => labelOf(command, state));
  const [keys] = command.keys ?? [];
  return (
    <Menu.Item
      disabled={!enabled}
      rightSection={keys && <Kbd size="xs">{shownKeys(keys)}</Kbd>}
      onClick={() => command.run(studio)}
    >
      {label}
    </Menu.Item>
  );
}

function StopButton() {
  const run = useRunning();
  const stopping = useRun((state) => state.stopping);
  const starting = useRun((state) => state.phase === "starting");
  return (
    <Tooltip label="Stop (Shift+F5)" openDelay={300}>
      <Button
        size="xs"
        variant="light"
        color="red"
        flex="none"
        disabled={starting}
        leftSection={stopping ? <Loader size={12} color="red" /> : <IconPlayerStop size={16} aria-hidden />}
        onClick={() => void run.stop()}
      >
        {stopping ? "Stopping" : "Stop"}
      </Button>
    </Tooltip>
  );
}

function DebugButtons() {
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label="Debugger">
      {["run", "pause", "step-over", "step-into", "step-out"].map((name) => (
        <DebugButton key={name} command={commandOf(name)} />
      ))}
    </Group>
  );
}

function DebugButton({ command }: { command: Command }) {
  const studio = useStudio();
  const enabled = useEditor((state) => isEnabled(command, state));
  const label = command.name === "run" ? "Continue" : String(command.label);
  const [keys] = command.keys ?? [];
  if (command.icon === undefined) return null;
  return (
    <Tooltip label={`${label} (${shownKeys(keys ?? "")})`} openDelay={300}>
      <ActionIcon
        variant="subtle"
        aria-label={label}
        disabled={!enabled}
        onClick={() => command.run(studio)}
        data-command={command.name}
      >
        <command.icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

/** State, time and steps of the execution. */
function Progress() {
  const run = useRunning();
  const phase = useRun((state) => state.phase);
  const state = useRun(({ state }) => state);
  const paused = useRun(({ session }) => session.pause !== null);
  const begunAt = useRun((one) => one.begunAt);
  const seconds = useRun((one) => one.seconds);
  const nodes = useRun(({ told }) => nodesRun(told));
  const warnings = useRun(({ told }) => sumOfWarnings(told.nodes.values()));
  if (phase === "none" || state === null)
    return phase === "starting" ? <span className={classes.summary}>Saving</span> : null;
  const waiting = state === "QUEUED" || state === "ASSIGNED";
  return (
    <span className={classes.summary} role="status" data-run-state={paused ? "PAUSED" : state}>
      {paused ? <span className={classes.paused}>Paused</span> : <StateBadge state={state} />}
      {waiting ? (
        "Waiting for the Runner"
      ) : (
        <span>
          {phase === "ended" && seconds === null ? null : <Elapsed since={isoOf(begunAt)} seconds={seconds} />}
          <span className={classes.steps}>
            {" · "}
            {nodes.toLocaleString("en")} {nodes === 1 ? "step" : "steps"}
          </span>
          {warnings > 0 && <span data-warnings={warnings}>{` · ${countedWarnings(warnings)}`}</span>}
        </span>
      )}
      {phase === "ended" && (
        <Tooltip label="Clear the run (Esc)" openDelay={300}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Clear the run" onClick={() => run.clear()}>
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  );
}

function isoOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
