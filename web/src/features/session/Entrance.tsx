import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The frame of the pages before the sign-in. */
export function Entrance({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <Center mih="100%" p="md" component="main">
      <Stack w={380} gap="lg">
        <Stack gap={6} align="center">
          <img src="/favicon.svg" width={44} height={44} alt="" />
          <Title order={1}>{title}</Title>
          {text && (
            <Text size="sm" c="var(--exekra-quiet)" ta="center">
              {text}
            </Text>
          )}
        </Stack>
        <Paper withBorder p="lg" radius="lg">
          {children}
        </Paper>
      </Stack>
    </Center>
  );
}
