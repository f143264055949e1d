import { ActionIcon, Group, MultiSelect, Select, Text, TextInput, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowBarToDown, IconDownload, IconSearch, IconTextWrap } from "@tabler/icons-react";
import { useCallback, useMemo, useState } from "react";
import { FilteredLog, type LogLevel } from "@/shared/log/logRing";
import { LogLines } from "@/shared/log/LogLines";
import classes from "@/studio/run/run.module.css";
import { useRun, useRunning } from "@/studio/core/useRun";
import { useEditor, useEditorActions } from "@/studio/state/editor";

const LEVELS: readonly { value: LogLevel; label: string }[] = [
  { value: "debug", label: "Debug" },
  { value: "info", label: "Info" },
  { value: "warning", label: "Warning" },
  { value: "error", label: "Error" },
];

/** The log of the execution that is shown, as it is written. */
export function LogPanel() {
  const { log } = useRunning();
  const version = useRun((state) => state.lines);
  const shown = useRun((state) => state.shown);
  const ended = useRun(({ phase }) => phase === "ended");
  const { revealNode } = useEditorActions();
  const selected = useEditor(({ selection }) => (selection.nodes.length === 1 ? (selection.nodes[0] ?? null) : null));
  const [levels, setLevels] = useState<LogLevel[]>([]);
  const [text, setText] = useState("");
  const [where, setWhere] = useState<"all" | "step">("all");
  const [following, setFollowing] = useState(true);
  const [wrap, setWrap] = useLocalStorage({ key: "exekra-log-wrap", defaultValue: true });
  const node = where === "step" ? selected : null;
  const found = useMemo(() => new FilteredLog(log, { levels, text, node }), [log, levels, text, node]);
  found.catchUp();
  const toNode = useCallback((id: string) => revealNode(id), [revealNode]);
  if (shown === null) return <div className={classes.empty}>Run the workflow to see its log here.</div>;
  return (
    <section className={classes.panel} aria-label="Log">
      <div className={classes.bar}>
        <TextInput
          size="xs"
          w={220}
          aria-label="Search the log"
          placeholder="Search"
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <MultiSelect
          size="xs"
          w={200}
          aria-label="Levels"
          placeholder={levels.length === 0 ? "All levels" : ""}
          data={LEVELS}
          value={levels}
          onChange={(chosen) => setLevels(chosen as LogLevel[])}
        />
        <Select
          size="xs"
          w={150}
          aria-label="Steps"
          allowDeselect={false}
          data={[
            { value: "all", label: "All steps" },
            { value: "step", label: "Selected step" },
          ]}
          value={where}
          onChange={(chosen) => setWhere(chosen === "step" ? "step" : "all")}
        />
        <Text size="xs" c="var(--exekra-quiet)" truncate>
          {counted(found.length)}
          {log.dropped > 0 && `; ${counted(log.dropped)} before are in the execution's log`}
        </Text>
        <Group gap={2} ml="auto" wrap="nowrap">
          <Toggle label="Follow the newest line" on={following} onClick={() => setFollowing(!following)}>
            <IconArrowBarToDown size={16} />
          </Toggle>
          <Toggle label="Wrap long lines" on={wrap} onClick={() => setWrap(!wrap)}>
            <IconTextWrap size={16} />
          </Toggle>
          <Tooltip label="Download the log" openDelay={300}>
            <ActionIcon
              component="a"
              href={`/api/executions/${shown.id}/logs/export`}
              download
              variant="subtle"
              color="gray"
              aria-label="Download the log"
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </div>
      {found.length === 0 ? (
        <div className={classes.empty}>
          {log.length > 0 ? "No lines match." : ended ? "No log lines" : "No log lines yet"}
        </div>
      ) : (
        <LogLines
          log={found}
          version={version}
          following={following}
          onFollow={setFollowing}
          wrap={wrap}
          onNode={toNode}
        />
      )}
    </section>
  );
}

function Toggle(props: { label: string; on: boolean; onClick: () => void; children: React.ReactNode }) {
  const { label, on, onClick, children } = props;
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        variant={on ? "light" : "subtle"}
        {...(!on && { color: "gray" })}
        aria-label={label}
        aria-pressed={on}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function counted(lines: number): string {
  return `${lines.toLocaleString("en")} ${lines === 1 ? "line" : "lines"}`;
}
