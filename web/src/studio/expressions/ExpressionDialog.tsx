import { Group, Modal, Tabs, Text } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { LoadingPage } from "@/shared/ui/LoadingPage";
import { templateProblem } from "@/shared/flow/template";
import { type DialogField, dialogStore } from "@/studio/expressions/dialogState";
import classes from "@/studio/expressions/ExpressionDialog.module.css";
import { FunctionBrowser } from "@/studio/expressions/FunctionBrowser";
import { useExpressionPlace } from "@/studio/expressions/names";
import { TrialLine } from "@/studio/expressions/TrialLine";
import { useTrial } from "@/studio/expressions/useTrial";
import { ValuePreview } from "@/studio/expressions/ValuePreview";
import { VariableTree } from "@/studio/expressions/VariableTree";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const TemplateEditor = lazyPart(() => import("@/studio/expressions/TemplateEditor"), "TemplateEditor");

/** The large editor: the text, its value with the last run's data, and all names and functions to choose from. */
export function ExpressionDialog() {
  const { field } = useStore(dialogStore);
  const close = () => dialogStore.setState({ field: null });
  return (
    <Modal opened={field !== null} onClose={close} title={field?.label ?? ""} size="min(1080px, 92vw)">
      {field && <Contents field={field} />}
    </Modal>
  );
}

function Contents({ field }: { field: DialogField }) {
  const [text, setText] = useState(field.value);
  const [insert, setInsert] = useState<{ at: (text: string) => void } | null>(null);
  const { names, functions, scope, want } = useExpressionPlace();
  useEffect(() => want(field.field ?? null), [want, field.field]);
  const trial = useTrial(text);
  const local = useMemo(() => templateProblem(text), [text]);
  const problems = useMemo(() => (local ? [local] : trial.problem ? [trial.problem] : []), [local, trial.problem]);
  const change = (typed: string) => {
    setText(typed);
    field.onChange(typed);
  };
  const put = (expression: string) => insert?.at(expression);
  const answer = trial.answer;
  return (
    <div className={classes.body}>
      <div className={classes.left}>
        <div className={classes.editor}>
          <ErrorBoundary waiting={<LoadingPage />}>
            <TemplateEditor
              value={text}
              onChange={change}
              label={field.label}
              multiline={field.multiline ?? true}
              problems={problems}
              onReady={(write) => setInsert({ at: write })}
            />
          </ErrorBoundary>
          <TrialLine text={text} trial={trial} problem={local} onlyProblems />
        </div>
        <Group justify="space-between" mt="sm" mb={4}>
          <Text size="xs" fw={600}>
            Value with the last run
          </Text>
          {scope !== null && !scope.exact && (
            <Text size="xs" c="var(--exekra-quiet)">
              Some values of the last run are shortened.
            </Text>
          )}
        </Group>
        <div className={classes.preview}>
          {answer && answer.error === null ? (
            <ValuePreview value={answer.value as never} />
          ) : (
            <Text size="xs" c="var(--exekra-quiet)">
              {scope === null ? "Run the workflow once to see values here." : "No value yet."}
            </Text>
          )}
        </div>
      </div>
      <Tabs defaultValue="names" className={classes.right} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="names">Values</Tabs.Tab>
          <Tabs.Tab value="functions">Functions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="names" className={classes.panel}>
          <VariableTree names={names} scope={scope?.values ?? null} onChoose={put} />
        </Tabs.Panel>
        <Tabs.Panel value="functions" className={classes.panel}>
          <FunctionBrowser functions={functions} onChoose={(name) => put(`${name}()`)} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
