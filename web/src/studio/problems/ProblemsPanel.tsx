import { ActionIcon, Button, Menu, SegmentedControl, Text, TextInput, UnstyledButton } from "@mantine/core";
import {
  IconAlertCircle,
  IconAlertTriangle,
  IconCircleCheck,
  IconDots,
  IconPlugConnectedX,
  IconSearch,
  IconVolume,
} from "@tabler/icons-react";
import { useState } from "react";
import { inWords } from "@/shared/api/errors";
import { type Flow, nodeOf } from "@/shared/flow/document";
import { counted } from "@/studio/expressions/shortValue";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";
import { titleOf } from "@/studio/form/schema";
import type { Edit } from "@/studio/model/edit";
import { silence } from "@/studio/model/edits/declarations";
import classes from "@/studio/problems/ProblemsPanel.module.css";
import { quickFixes } from "@/studio/check/quickFixes";
import { useFlowCheck } from "@/studio/check/useFlowCheck";
import { type FlowProblem, useEditor, useEditorActions } from "@/studio/state/editor";

type Filter = "all" | "error" | "warning";

/** All that the check finds. A click leads to the step and its field; what can be mended at once has a button. */
export function ProblemsPanel() {
  const { problems, stale, error, known } = useFlowCheck();
  const [filter, setFilter] = useState<Filter>("all");
  const [search, setSearch] = useState("");
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  const text = search.trim().toLowerCase();
  const shown = problems.filter(
    ({ severity, message, node, field, code }) =>
      (filter === "all" || severity === filter) &&
      [message, node, field, code].some((part) => part?.toLowerCase().includes(text)),
  );
  return (
    <section className={classes.panel} aria-label="Problems">
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          aria-label="Which problems are shown"
          value={filter}
          onChange={(chosen) => setFilter(chosen as Filter)}
          data={[
            { value: "all", label: `All ${problems.length}` },
            { value: "error", label: `Errors ${count("error")}` },
            { value: "warning", label: `Warnings ${count("warning")}` },
          ]}
        />
        <TextInput
          size="xs"
          aria-label="Search problems"
          placeholder="Search"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Silenced />
        <Text size="xs" c="var(--exekra-quiet)" role="status" className={classes.state}>
          {error ? (
            <>
              <IconPlugConnectedX size={14} aria-hidden /> Not checked since the last change: {inWords(error)}
            </>
          ) : stale ? (
            "Checking"
          ) : (
            ""
          )}
        </Text>
      </div>
      {shown.length === 0 ? (
        <Nothing clean={known && problems.length === 0} />
      ) : (
        <ul className={classes.list}>
          {shown.map((problem, index) => (
            <ProblemLine key={`${problem.code}-${problem.node}-${problem.field}-${index}`} problem={problem} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Nothing({ clean }: { clean: boolean }) {
  return (
    <div className={classes.nothing}>
      {clean && <IconCircleCheck size={18} color="var(--mantine-color-teal-6)" aria-hidden />}
      {clean ? "No problems. The workflow can be published." : "Nothing to show here."}
    </div>
  );
}

function ProblemLine({ problem }: { problem: FlowProblem }) {
  const flow = useEditor((state) => state.flow);
  const catalogue = useEditor((state) => state.catalogue);
  const { perform, revealNode, openPanel, select } = useEditorActions();
  const fixes = quickFixes(problem, flow, catalogue);
  const [first, ...others] = fixes;
  const quick = first && problem.severity === "error" ? first : undefined;
  const rest = quick ? others : fixes;
  const go = () => {
    openPanel("right", "properties");
    if (problem.node && nodeOf(flow, problem.node)) revealNode(problem.node, problem.field ?? null);
    else {
      select({});
      if (/^(variables|inputs|outputs)\./.test(problem.field ?? "")) openPanel("bottom", "variables");
    }
  };
  const apply = (edit: Edit) => perform(edit);
  return (
    <li className={classes.line}>
      <UnstyledButton className={classes.main} onClick={go}>
        {problem.severity === "error" ? (
          <IconAlertCircle className={classes.error} size={16} role="img" aria-label="Error" />
        ) : (
          <IconAlertTriangle className={classes.warning} size={16} role="img" aria-label="Warning" />
        )}
        <span className={classes.message}>
          <PlainMarkup text={problem.message} />
        </span>
        <span className={classes.place}>{placeOf(problem, flow)}</span>
      </UnstyledButton>
      <span className={classes.actions}>
        {quick && (
          <Button variant="light" size="compact-xs" onClick={() => apply(quick.edit)}>
            {quick.label}
          </Button>
        )}
        {rest.length > 0 && (
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label="What to do about it">
                <IconDots size={14} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {rest.map(({ label, edit }) => (
                <Menu.Item key={label} onClick={() => apply(edit)}>
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </span>
    </li>
  );
}

function placeOf({ node, field }: FlowProblem, flow: Flow): string {
  if (!node) return field ?? "Workflow";
  if (!nodeOf(flow, node)) return node;
  return field && field !== "do" ? `${node}, ${titleOf(field.split(".", 1)[0] ?? "")}` : node;
}

/** Warnings that somebody has silenced, to hear them again. */
function Silenced() {
  const silenced = useEditor(({ flow }) => flow.layout.analyser);
  const readOnly = useEditor((state) => state.readOnly);
  const { perform } = useEditorActions();
  const all = [
    ...(silenced?.ignore ?? []).map((code) => ({ code, node: null as string | null })),
    ...Object.entries(silenced?.nodes ?? {}).flatMap(([node, codes]) => codes.map((code) => ({ code, node }))),
  ];
  if (all.length === 0) return null;
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-xs" disabled={readOnly}>
          {counted(all.length, "silenced warning")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: "auto" }}>
        <Menu.Label>Show again</Menu.Label>
        {all.map(({ code, node }) => (
          <Menu.Item
            key={`${code}-${node}`}
            leftSection={<IconVolume size={14} />}
            onClick={() => perform(silence(code, node, false))}
          >
            {code} {node === null ? "in the workflow" : `at ${node}`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
