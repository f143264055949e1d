import { Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A part of the page with its title. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Stack>{children}</Stack>
    </Paper>
  );
}
