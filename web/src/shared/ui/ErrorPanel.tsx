import { Alert, Button, Group, List, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import { ApiError, HubAwayError } from "@/shared/api/errors";
import { PlainMarkup } from "@/shared/ui/PlainMarkup";

/** An error in words, with what to do, where the content would have been. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const away = error instanceof HubAwayError;
  const refusal = error instanceof ApiError ? error : null;
  // A single problem is often what the message says already.
  const problems = (refusal?.problems ?? []).filter(({ message }) => !message || !refusal?.message.includes(message));
  const bare = !refusal?.hint && problems.length === 0 && !onRetry;
  return (
    <Alert
      color={away ? "yellow" : "red"}
      icon={away ? <IconPlugConnectedX size={18} /> : <IconAlertTriangle size={18} />}
      title={<PlainMarkup text={error instanceof Error ? error.message : String(error)} />}
    >
      {bare ? null : (
        <>
          {refusal?.hint && (
            <Text size="sm">
              <PlainMarkup text={refusal.hint} />
            </Text>
          )}
          {problems.length > 0 && (
            <List size="sm" mt={4}>
              {problems.slice(0, 8).map((problem, index) => (
                <List.Item key={index}>
                  <PlainMarkup text={[problem.node, problem.field, problem.message].filter(Boolean).join(": ")} />
                </List.Item>
              ))}
            </List>
          )}
          {onRetry && (
            <Group mt="xs">
              <Button size="xs" variant="light" color={away ? "yellow" : "red"} onClick={onRetry}>
                Try again
              </Button>
            </Group>
          )}
        </>
      )}
    </Alert>
  );
}
