import { Button, Group, Modal, Select, Skeleton, Stack, Text } from "@mantine/core";
import { IconBug, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import type { Json, Parameter } from "@/shared/flow/document";
import { InputField } from "@/shared/inputs/InputField";
import { readAll, textOf } from "@/shared/inputs/values";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { useLastRun } from "@/studio/expressions/useLastRun";
import { ErrorsFound, hasErrors } from "@/studio/run/ErrorsFound";
import { rememberedInputs, rememberedRunner } from "@/studio/running/memory";
import { readScope, ScopeFields, type ScopeTexts, textsOf } from "@/studio/run/ScopeFields";
import type { Question } from "@/studio/running/runState";
import { useRun, useRunning } from "@/studio/core/useRun";
import { isDirty, useEditor, useEditorStore } from "@/studio/state/editor";
import { runnerChoicesQuery } from "@/shared/runners/queries";

/** Asks for what an execution needs: inputs, or the values to begin with, and the Runner. */
export function RunDialog() {
  const run = useRunning();
  const asking = useRun((state) => state.asking);
  if (asking === null) return null;
  return (
    <Modal opened onClose={() => run.close()} title={titleOf(asking)} size="lg">
      {asking.startAt !== null ? (
        <InTheMiddle question={asking} node={asking.startAt.node} />
      ) : asking.published ? (
        <Published question={asking} />
      ) : (
        <Edited question={asking} />
      )}
    </Modal>
  );
}

function titleOf({ debug, published, startAt }: Question): string {
  const verb = debug ? "Debug" : "Run";
  if (published) return `${verb} the published version`;
  if (startAt === null) return `${verb} the workflow`;
  return startAt.only ? `${verb} ${startAt.node} only` : `${verb} from ${startAt.node}`;
}

function Edited({ question }: { question: Question }) {
  const parameters = useEditor(({ flow }) => flow.inputs);
  return <WithInputs question={question} parameters={parameters} />;
}

/** The published version may have other inputs than what is edited. */
function Published({ question }: { question: Question }) {
  const workflow = useEditor((state) => state.workflowId);
  const { data, error, refetch } = useQuery({
    queryKey: ["workflow", workflow, "published"],
    gcTime: 0,
    queryFn: async () => {
      const path = { workflow_id: workflow };
      const { published_number: number } = await dataOf(api.GET("/api/workflows/{workflow_id}", { params: { path } }));
      if (number === null) return null;
      const params = { path: { ...path, number } };
      return dataOf(api.GET("/api/workflows/{workflow_id}/versions/{number}", { params }));
    },
  });
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  if (data === null) return <Text size="sm">This workflow is not published yet. Publish it first.</Text>;
  const parameters = (data.document.inputs ?? {}) as Readonly<Record<string, Parameter>>;
  return (
    <WithInputs
      question={question}
      parameters={parameters}
      note={`Version ${data.number} is live. Your edits are not part of this run.`}
    />
  );
}

interface WithInputsProps {
  question: Question;
  parameters: Readonly<Record<string, Parameter>>;
  note?: string;
}

function WithInputs({ question, parameters, note }: WithInputsProps) {
  const editor = useEditorStore();
  const names = Object.keys(parameters);
  const [texts, setTexts] = useState(() => {
    const before = rememberedInputs.read(editor.getState());
    return Object.fromEntries(names.map((name) => [name, before[name] ?? textOf(parameters[name] ?? {})]));
  });
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const read = () => {
    const { inputs, problems: found } = readAll(parameters, texts);
    setProblems(found);
    if (Object.keys(found).length > 0) return null;
    rememberedInputs.write(editor.getState(), texts);
    return { inputs, scope: null };
  };
  return (
    <Asking question={question} note={note} read={read}>
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
    </Asking>
  );
}

function InTheMiddle({ question, node }: { question: Question; node: string }) {
  const execution = useLastRun();
  const version = useEditor((state) => state.basedOn);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["executions", execution, "scope", node, version],
    enabled: execution !== null,
    gcTime: 0,
    retry: false,
    queryFn: () => {
      const params = { path: { execution_id: execution ?? "" }, query: { node, version } };
      return dataOf(api.GET("/api/executions/{execution_id}/scope", { params }));
    },
  });
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (execution !== null && isPending) return <Waiting />;
  return <WithScope question={question} scope={data ?? null} />;
}

function WithScope({ question, scope }: { question: Question; scope: Schemas["Scope"] | null }) {
  const inputs = useEditor(({ flow }) => flow.inputs);
  const [found] = useState(() => scope ?? unknownScope(inputs));
  const [texts, setTexts] = useState<ScopeTexts>(() => textsOf(found));
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const read = () => {
    const found = readScope(texts);
    setProblems(found.problems);
    return Object.keys(found.problems).length > 0 ? null : { inputs: {}, scope: found.scope };
  };
  return (
    <Asking question={question} note={scopeNote(scope)} read={read}>
      <ScopeFields texts={texts} problems={problems} onChange={setTexts} missing={found.missing} />
    </Asking>
  );
}

/** Without an earlier run, inputs and variables have their defaults; the other inputs have to be given. */
function unknownScope(inputs: Readonly<Record<string, Parameter>>): Schemas["Scope"] {
  const missing = Object.keys(inputs).filter((name) => inputs[name]?.default === undefined);
  return { scope: {}, exact: false, missing, taken_after: null };
}

function scopeNote(scope: Schemas["Scope"] | null): string {
  if (scope === null)
    return "No earlier run has values. Inputs and variables have their defaults; add what else the step needs.";
  if (!scope.exact) return "These values were reconstructed from the last run. Check them before you continue.";
  return scope.taken_after === null
    ? "These are the values that the last run started with."
    : `These are the values that the last run had after the step ${scope.taken_after}.`;
}

interface AskingProps {
  question: Question;
  note: string | undefined;
  /** Gives what was written; null where something of it is wrong, which is then shown. */
  read: () => { inputs: Record<string, Json>; scope: Record<string, Json> | null } | null;
  children: ReactNode;
}

function Asking({ question, note, read, children }: AskingProps) {
  const run = useRunning();
  const before = useRun((state) => state.askedAfter);
  const dirty = useEditor(isDirty) && !question.published;
  const editor = useEditorStore();
  const [runner, setRunner] = useState(() => rememberedRunner.read(editor.getState()));
  const [error, setError] = useState(before);
  const refused = hasErrors(error);
  const [anyway, setAnyway] = useState(false);
  const start = useMutation({
    mutationFn: (given: { inputs: Record<string, Json>; scope: Record<string, Json> | null }) =>
      run.start({ ...question, ...given, runner, allowErrors: refused || anyway }),
    onSuccess: () => run.close(),
    onError: setError,
  });
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault();
    const given = read();
    if (given === null) return;
    rememberedRunner.write(editor.getState(), runner);
    setAnyway(refused || anyway);
    start.mutate(given);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {!start.isPending &&
          (refused ? (
            <ErrorsFound error={error} onLeave={() => run.close()} />
          ) : (
            error !== null && <ErrorPanel error={error} />
          ))}
        {note !== undefined && (
          <Text size="sm" c="var(--exekra-quiet)">
            {note}
          </Text>
        )}
        {children}
        <InteractiveRunner value={runner} onChange={setRunner} />
        <Group justify="flex-end" gap="xs">
          {dirty && (
            <Text size="xs" c="var(--exekra-quiet)" mr="auto">
              Your changes are saved as a working copy first.
            </Text>
          )}
          <Button variant="default" onClick={() => run.close()}>
            Cancel
          </Button>
          <Button
            type="submit"
            data-autofocus
            loading={start.isPending}
            leftSection={question.debug ? <IconBug size={16} /> : <IconPlayerPlay size={16} />}
          >
            {`${question.debug ? "Debug" : "Run"}${refused ? " anyway" : ""}`}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const WORDS: Record<Schemas["RunnerState"], string> = { ONLINE: "free", BUSY: "busy", OFFLINE: "not connected" };
const ANY = "";

/** On which Runner it runs at once. */
function InteractiveRunner({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { data, isPending } = useQuery({ ...runnerChoicesQuery, refetchOnMount: "always" });
  const known = (data?.items ?? []).map(({ id, name, state }) => ({
    value: id,
    label: `${name} (${WORDS[state]})`,
    disabled: state === "OFFLINE",
  }));
  const gone = value !== null && !isPending && !known.some((one) => one.value === value);
  return (
    <Select
      label="Runner"
      description="Starts immediately, skipping the queue."
      allowDeselect={false}
      searchable={known.length > 8}
      data={[{ value: ANY, label: "Any free Runner" }, ...known]}
      value={gone ? ANY : (value ?? ANY)}
      onChange={(chosen) => onChange(chosen === ANY ? null : chosen)}
    />
  );
}

function Waiting() {
  return (
    <Stack role="status" aria-label="Loading">
      <Skeleton height={54} />
      <Skeleton height={54} />
      <Skeleton height={36} width={140} ml="auto" />
    </Stack>
  );
}
