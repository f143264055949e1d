import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { openDialog } from "@/shared/ui/dialogs";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Question {
  /** The question, naming the thing. */
  title: string;
  /** What follows from it. */
  text: ReactNode;
  /** The verb on the button. */
  label: string;
  /** Whether something is lost by it. */
  danger?: boolean;
  action: () => Promise<unknown>;
}

/** Asks once before something that cannot simply be taken back. A failure shows in the dialog. */
export function confirmFirst(question: Question): void {
  openDialog(question.title, (close) => <Confirmation question={question} onClose={close} />);
}

function Confirmation({ question, onClose }: { question: Question; onClose: () => void }) {
  const act = useMutation({ mutationFn: question.action, onSuccess: onClose });
  return (
    <Stack>
      <Text size="sm" component="div">
        {question.text}
      </Text>
      {act.isError && <ErrorPanel error={act.error} />}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          data-autofocus
          {...(question.danger ? { color: "red" } : {})}
          loading={act.isPending}
          onClick={() => act.mutate()}
        >
          {question.label}
        </Button>
      </Group>
    </Stack>
  );
}
