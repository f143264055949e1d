import { Box } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

/** In place of a page that could not be made. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Box p="lg" maw={760}>
      <ErrorPanel error={error} onRetry={again} />
    </Box>
  );
}
