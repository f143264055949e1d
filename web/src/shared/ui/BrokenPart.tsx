import { Alert, Button, Code, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { useEffect } from "react";
import { ApiError, HubAwayError, PartMissingError } from "@/shared/api/errors";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  what?: string | undefined;
  error: unknown;
  onRetry: () => void;
  onClose?: () => void;
}

/** In place of a part of the page that could not be fetched or drawn: what happened, and how to go on. */
export function BrokenPart({ what = "This part of the page", error, onRetry, onClose }: Props) {
  const { reset } = useQueryErrorResetBoundary();
  const again = () => {
    reset();
    onRetry();
  };
  const missing = error instanceof PartMissingError;
  useEffect(() => {
    if (error instanceof PartMissingError) error.forget();
  }, [error]);
  if (error instanceof ApiError || error instanceof HubAwayError) return <ErrorPanel error={error} onRetry={again} />;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      role="alert"
      {...(onClose && { onClose, withCloseButton: true, closeButtonLabel: "Close" })}
      title={missing ? `${what} could not be fetched.` : `${what} cannot be shown.`}
    >
      <Text size="sm">
        {missing
          ? "The network failed, or the Hub was updated. The rest of the page is not affected."
          : "Something went wrong. The rest of the page is not affected."}
      </Text>
      {!missing && (
        <Code block mt={4}>
          {error instanceof Error ? error.message : String(error)}
        </Code>
      )}
      <Group mt="xs" gap="xs">
        <Button size="xs" variant="light" color="red" onClick={again}>
          Try again
        </Button>
        {missing && (
          <Button size="xs" variant="subtle" color="red" onClick={() => window.location.reload()}>
            Reload the page
          </Button>
        )}
      </Group>
    </Alert>
  );
}
