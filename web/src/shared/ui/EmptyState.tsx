import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

/** What a page or a list shows when there is nothing yet: what it is for, and the first step. */
export function EmptyState({
  icon: Picture,
  title,
  text,
  action,
  order = 2,
}: {
  icon: Icon;
  title: string;
  text: ReactNode;
  action?: ReactNode;
  /** The heading's order: 1 where it is the page's own. */
  order?: 1 | 2;
}) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" maw={520} mx="auto" ta="center">
      <ThemeIcon size={48} radius="xl" variant="light">
        <Picture size={26} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={order} size="h2">
        {title}
      </Title>
      <Text c="var(--exekra-quiet)" size="sm">
        {text}
      </Text>
      {action}
    </Stack>
  );
}
