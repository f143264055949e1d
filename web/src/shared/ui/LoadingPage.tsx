import { Skeleton, Stack } from "@mantine/core";

/** In place of a page that is on its way. */
export function LoadingPage() {
  return (
    <Stack gap="md" p="lg" role="status" aria-label="Loading">
      <Skeleton height={28} width={220} />
      <Skeleton height={96} />
      <Skeleton height={280} />
    </Stack>
  );
}
