import { Button, Group, SegmentedControl, Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { readInputs } from "@/features/triggers/inputs";
import { draftOf, type Trigger, type TriggerDraft } from "@/features/triggers/queries";
import { ScheduleFields, type ScheduleSettings } from "@/features/triggers/ScheduleFields";
import { WebhookFields, type WebhookSettings } from "@/features/triggers/WebhookFields";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import type { Json, Parameter } from "@/shared/flow/document";
import { InputField } from "@/shared/inputs/InputField";
import { RunnerChoice } from "@/shared/runners/RunnerChoice";
import { textOf } from "@/shared/inputs/values";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

interface Props {
  /** The field for the workflow. */
  choice: ReactNode;
  workflowId: string;
  version: Schemas["VersionWithDocument"];
  /** The one to change; null makes a new one. */
  trigger: Trigger | null;
  onClose: () => void;
}

const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When a trigger fires, what it starts, and with which inputs. */
export function TriggerForm({ choice, workflowId, version, trigger, onClose }: Props) {
  const queries = useQueryClient();
  const parameters = (version.document.inputs ?? {}) as Readonly<Record<string, Parameter>>;
  const [kind, setKind] = useState<Trigger["kind"]>(trigger?.kind ?? "schedule");
  const [name, setName] = useState(trigger?.name ?? "");
  const [schedule, setSchedule] = useState<ScheduleSettings>(
    trigger?.schedule ?? { cron: "0 9 * * MON-FRI", time_zone: browserZone(), misfire: "once" },
  );
  const [webhook, setWebhook] = useState<WebhookSettings>(trigger?.webhook ?? { signed: false });
  const [overlap, setOverlap] = useState<Trigger["overlap"]>(trigger?.overlap ?? "allow");
  const [enabled, setEnabled] = useState(trigger?.enabled ?? true);
  const [runner, setRunner] = useState<string | null>(trigger?.runner ?? null);
  const [texts, setTexts] = useState(() => textsOf(parameters, trigger));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const save = useMutation({
    mutationFn: (body: TriggerDraft) => {
      if (trigger === null) return dataOf(api.POST("/api/triggers", { body }));
      return dataOf(api.PUT("/api/triggers/{trigger_id}", { params: { path: { trigger_id: trigger.id } }, body }));
    },
    onSuccess: async (saved) => {
      told(trigger === null ? `${saved.name} was made.` : `${saved.name} was changed.`);
      await queries.invalidateQueries({ queryKey: ["triggers"] });
      onClose();
    },
  });
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault();
    const read = readInputs(kind, parameters, texts);
    setProblems(read.problems);
    if (Object.keys(read.problems).length > 0) return;
    save.mutate({
      ...(trigger === null ? {} : draftOf(trigger)),
      name,
      workflow: workflowId,
      enabled,
      overlap,
      runner,
      inputs: read.inputs,
      schedule: kind === "schedule" ? schedule : null,
      webhook: kind === "webhook" ? webhook : null,
    } as TriggerDraft);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {save.isError && <ErrorPanel error={save.error} />}
        {choice}
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {trigger === null && (
          <SegmentedControl
            aria-label="Kind"
            value={kind}
            onChange={(value) => setKind(value as Trigger["kind"])}
            data={[
              { value: "schedule", label: "Schedule" },
              { value: "webhook", label: "Webhook" },
            ]}
          />
        )}
        {kind === "schedule" ? (
          <ScheduleFields value={schedule} onChange={setSchedule} />
        ) : (
          <WebhookFields inputs={Object.keys(parameters)} value={webhook} onChange={setWebhook} />
        )}
        <Select
          label="While its last execution has not ended"
          allowDeselect={false}
          data={[
            { value: "allow", label: "Start another one" },
            { value: "skip", label: "Skip it, and say so in the history" },
          ]}
          value={overlap}
          onChange={(value) => setOverlap(value as Trigger["overlap"])}
        />
        {Object.keys(parameters).length > 0 && <Text fw={600}>Inputs</Text>}
        {Object.entries(parameters).map(([key, parameter]) => (
          <InputField
            key={key}
            name={key}
            parameter={parameter}
            text={texts[key] ?? ""}
            error={problems[key]}
            onChange={(text) => setTexts((old) => ({ ...old, [key]: text }))}
          />
        ))}
        <RunnerChoice value={runner} onChange={setRunner} />
        <Switch label="On" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {trigger === null ? "Make the trigger" : "Save"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function textsOf(parameters: Readonly<Record<string, Parameter>>, trigger: Trigger | null): Record<string, string> {
  const given = (trigger?.inputs ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, one]) => [
      name,
      name in given ? textOf({ ...one, default: given[name] as Json }) : textOf(one),
    ]),
  );
}
