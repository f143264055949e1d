import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";

/** The head of every page: where one is, what it is about, and what can be done here. */
export function PageHeader({
  title,
  tab,
  parent,
  subtitle,
  actions,
}: {
  title: ReactNode;
  /** The browser tab's text, where `title` is not text. */
  tab?: string;
  parent?: { to: string; label: string };
  subtitle?: ReactNode;
  actions?: ReactNode;
}) {
  const name = tab ?? (typeof title === "string" ? title : undefined);
  useEffect(() => {
    if (name !== undefined) document.title = `${name} · Exekra`;
  }, [name]);
  return (
    <Group justify="space-between" align="flex-end" mb="md" gap="sm">
      <Stack gap={2} miw={0} flex="1 1 360px">
        {parent && (
          <Breadcrumbs separator="/">
            <Anchor component={Link} to={parent.to} size="sm" c="var(--exekra-quiet)">
              {parent.label}
            </Anchor>
          </Breadcrumbs>
        )}
        <Title order={1}>{title}</Title>
        {subtitle && (
          <Text size="sm" c="var(--exekra-quiet)" component="div">
            {subtitle}
          </Text>
        )}
      </Stack>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
