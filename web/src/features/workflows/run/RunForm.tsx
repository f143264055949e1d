import { Button, Collapse, Group, NumberInput, Select, Stack, TagsInput, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { InputField } from "@/shared/inputs/InputField";
import type { Runnable } from "@/features/workflows/run/RunDialog";
import { RunnerChoice } from "@/shared/runners/RunnerChoice";
import { readAll, textOf } from "@/shared/inputs/values";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { given } from "@/shared/api/given";
import type { Json, Parameter } from "@/shared/flow/document";
import { labelsProblem } from "@/shared/format/labels";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { executionPage } from "@/shared/executions/links";

const USUAL_PRIORITY = 50;

interface Props {
  workflow: Runnable;
  version: Schemas["VersionWithDocument"];
  /** The versions that may be run instead. */
  choices: readonly number[];
  onVersion: (number: number) => void;
  onClose: () => void;
}

/** The inputs of a version, where it shall run, and how urgently. */
export function RunForm({ workflow, version, choices, onVersion, onClose }: Props) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const parameters = (version.document.inputs ?? {}) as Readonly<Record<string, Parameter>>;
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(Object.entries(parameters).map(([name, one]) => [name, textOf(one)])),
  );
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [runner, setRunner] = useState<string | null>(null);
  const [labels, setLabels] = useState<string[]>([]);
  const [priority, setPriority] = useState(USUAL_PRIORITY);
  const [more, { toggle }] = useDisclosure(false);
  const run = useMutation({
    mutationFn: (inputs: Record<string, Json>) => {
      const where = given({ runner: runner ?? undefined, labels: labels.length > 0 ? labels : undefined });
      const which = version.state === "published" ? {} : { version: version.number };
      const body = { workflow: workflow.id, inputs, priority, ...which, ...where } as Schemas["ExecutionRequest"];
      return dataOf(api.POST("/api/executions", { body }));
    },
    onSuccess: async ({ id }) => {
      onClose();
      await navigate(executionPage(id));
      await queries.invalidateQueries({ queryKey: ["executions"] });
    },
  });
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault();
    const read = readAll(parameters, texts);
    setProblems(read.problems);
    if (Object.keys(read.problems).length === 0 && labelsProblem(labels) === null) run.mutate(read.inputs);
  };
  const names = Object.keys(parameters);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {run.isError && <ErrorPanel error={run.error} />}
        {choices.length > 1 && (
          <Select
            label="Version"
            allowDeselect={false}
            data={choices.map((one) => ({ value: String(one), label: labelOf(one, workflow) }))}
            value={String(version.number)}
            onChange={(value) => onVersion(Number(value))}
          />
        )}
        {names.length === 0 ? (
          <Text size="sm" c="var(--exekra-quiet)">
            No inputs
          </Text>
        ) : (
          names.map((name) => (
            <InputField
              key={name}
              name={name}
              parameter={parameters[name] ?? {}}
              text={texts[name] ?? ""}
              error={problems[name]}
              onChange={(text) => setTexts((old) => ({ ...old, [name]: text }))}
            />
          ))
        )}
        <RunnerChoice value={runner} onChange={setRunner} />
        <Button
          variant="subtle"
          size="compact-sm"
          w="fit-content"
          aria-expanded={more}
          rightSection={<IconChevronDown size={14} style={{ rotate: more ? "180deg" : "none" }} />}
          onClick={toggle}
        >
          Priority and labels
        </Button>
        <Collapse expanded={more}>
          <Stack>
            <NumberInput
              label="Priority"
              description="From 0 to 100: the highest runs first. The default is 50."
              min={0}
              max={100}
              value={priority}
              onChange={(value) => setPriority(Number(value))}
            />
            <TagsInput
              label="Labels"
              description="Only Runners that have all of these labels can take it."
              maxTags={20}
              error={labelsProblem(labels)}
              value={labels}
              onChange={setLabels}
            />
          </Stack>
        </Collapse>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={run.isPending} leftSection={<IconPlayerPlay size={16} />} data-autofocus>
            Run
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function labelOf(number: number, workflow: Runnable): string {
  return number === workflow.published_number ? `Version ${number}, published` : `Version ${number}, a draft`;
}
