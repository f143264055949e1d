import { Box } from "@mantine/core";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { PartMissingError } from "@/shared/api/errors";
import { BrokenPart } from "@/shared/ui/BrokenPart";

const RELOADED = "exekra-reloaded";
const ONCE_IN_MILLISECONDS = 60_000;

/** In place of a page that could not be made. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useEffect(() => {
    if (error instanceof PartMissingError) reloadOnce();
  }, [error]);
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Box p="lg" maw={760}>
      <BrokenPart what="This page" error={error} onRetry={again} />
    </Box>
  );
}

/** A Hub that was updated has other files: they are found when all is loaded anew. */
function reloadOnce(): void {
  const before = Number(sessionStorage.getItem(RELOADED));
  if (Date.now() - before < ONCE_IN_MILLISECONDS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  window.location.reload();
}
