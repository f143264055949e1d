import { ActionIcon, Button, SegmentedControl, Skeleton, Text, Tooltip } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconArrowBarToDown, IconCheck, IconCopy, IconDownload, IconTextWrap, type Icon } from "@tabler/icons-react";
import { useState } from "react";
import type { LiveExecution } from "@/features/executions/one/liveExecution";
import type { LogReader } from "@/features/executions/one/logReader";
import classes from "@/features/executions/one/one.module.css";
import { parametersOf, useLog } from "@/features/executions/one/useLog";
import type { ExecutionDetail } from "@/features/executions/queries";
import { isActive } from "@/features/executions/search";
import { clockTime } from "@/shared/format/time";
import { LogLines } from "@/shared/log/LogLines";
import { ALL_LINES, type LogFilter, type LogLevel } from "@/shared/log/logRing";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { SearchField } from "@/shared/ui/SearchField";

const LEVELS = {
  all: { label: "All", levels: [] },
  info: { label: "Info and above", levels: ["info", "warning", "error"] },
  warning: { label: "Warnings", levels: ["warning", "error"] },
  error: { label: "Errors", levels: ["error"] },
} as const satisfies Record<string, { label: string; levels: LogLevel[] }>;
type Least = keyof typeof LEVELS;

/** The log, live while the execution goes on; it opens at its end and reads back as far as one scrolls. */
export function LogTab({
  execution,
  live,
  onNode,
}: {
  execution: ExecutionDetail;
  live: LiveExecution;
  onNode: (node: string) => void;
}) {
  const [text, setText] = useState("");
  const [least, setLeast] = useState<Least>("all");
  const [following, setFollowing] = useState(true);
  const [wrap, setWrap] = useLocalStorage({ key: "exekra-log-wrap", defaultValue: true });
  const filter: LogFilter = { ...ALL_LINES, text, levels: LEVELS[least].levels };
  const { reader, version } = useLog(execution.id, filter, live);
  const active = isActive(execution.state);
  return (
    <div className={`${classes.room} ${classes.column}`}>
      <div className={classes.bar}>
        <SearchField label="Search the log" value={text} onChange={(next) => setText(next ?? "")} width={240} />
        <SegmentedControl
          size="xs"
          aria-label="Levels"
          value={least}
          onChange={(value) => setLeast(value as Least)}
          data={Object.entries(LEVELS).map(([value, { label }]) => ({ value, label }))}
        />
        <Text size="xs" c="var(--exekra-quiet)" flex={1} truncate role="status">
          {reader && summary(reader)}
        </Text>
        <Toggle
          icon={IconArrowBarToDown}
          label={active ? "Follow the newest line" : "Jump to the end"}
          on={following}
          onChange={setFollowing}
        />
        <Toggle icon={IconTextWrap} label="Wrap long lines" on={wrap} onChange={setWrap} />
        <CopyLines reader={reader} />
        <Button
          component="a"
          size="xs"
          variant="default"
          href={exportAddress(execution.id, filter)}
          download
          leftSection={<IconDownload size={14} />}
        >
          Download
        </Button>
      </div>
      {reader !== null && reader.error !== null && (
        <ErrorPanel error={reader.error} onRetry={() => void reader.readOlder()} />
      )}
      {reader === null || (reader.book.length === 0 && reader.state === "reading") ? (
        <Skeleton height="100%" radius={0} />
      ) : reader.book.length === 0 ? (
        <Text size="sm" c="var(--exekra-quiet)" p="md">
          {text !== "" || least !== "all" ? "No lines match." : active ? "No log lines yet" : "No log lines"}
        </Text>
      ) : (
        <LogLines
          key={`${text} ${least}`}
          log={reader.book}
          version={version}
          inFront={reader.book.inFront}
          following={following}
          onFollow={setFollowing}
          onOlder={() => void reader.readOlder()}
          wrap={wrap}
          onNode={onNode}
        />
      )}
    </div>
  );
}

function summary({ book, state }: LogReader): string {
  const lines = `${book.length.toLocaleString()} ${book.length === 1 ? "line" : "lines"}`;
  if (book.hasGivenUp) return `the newest ${lines}; the download has all`;
  if (state === "reading") return `${lines}, reading more …`;
  return state === "more" ? `the newest ${lines}; scroll up for more` : lines;
}

function exportAddress(id: string, filter: LogFilter): string {
  const { level = [], ...others } = parametersOf(filter);
  const query = new URLSearchParams(others);
  for (const one of level) query.append("level", one);
  return `/api/executions/${id}/logs/export?${query.toString()}`;
}

function Toggle({
  icon: Picture,
  label,
  on,
  onChange,
}: {
  icon: Icon;
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon
        variant={on ? "light" : "default"}
        size={30}
        aria-label={label}
        aria-pressed={on}
        onClick={() => onChange(!on)}
      >
        <Picture size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function CopyLines({ reader }: { reader: LogReader | null }) {
  const value = () =>
    Array.from({ length: reader?.book.length ?? 0 }, (_, index) => reader?.book.at(index))
      .map((line) => line && `${clockTime(new Date(line.at))} ${line.level} ${line.node ?? ""} ${line.message}`)
      .join("\n");
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const label = copied ? "Copied" : "Copy the lines that are shown";
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={() => void copy()}>
        {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
