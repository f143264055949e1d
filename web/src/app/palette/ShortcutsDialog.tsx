import { Group, Kbd, Modal, Stack, Text, Title } from "@mantine/core";
import { type ShortcutGroup, useShortcutGroups } from "@/shared/ui/shortcuts";

const EVERYWHERE: ShortcutGroup = {
  title: "Everywhere",
  shortcuts: [
    { keys: "Ctrl+K", label: "Search and commands" },
    { keys: "?", label: "Keyboard shortcuts" },
    { keys: "Escape", label: "Close the open window" },
  ],
};

/** Which keys do what on the present page. */
export function ShortcutsDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const groups = [...useShortcutGroups(), EVERYWHERE].filter(({ shortcuts }) => shortcuts.length > 0);
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard shortcuts">
      <Stack>
        {groups.map(({ title, shortcuts }, index) => (
          <section key={`${title}-${index}`}>
            <Title order={3} fz="sm" mb={6}>
              {title}
            </Title>
            <Stack gap={6}>
              {shortcuts.map(({ keys, label }) => (
                <Group key={keys + label} justify="space-between" wrap="nowrap">
                  <Text size="sm">{label}</Text>
                  <Group gap={4} wrap="nowrap">
                    {partsOf(keys).map((part) => (
                      <Kbd key={part}>{part}</Kbd>
                    ))}
                  </Group>
                </Group>
              ))}
            </Stack>
          </section>
        ))}
      </Stack>
    </Modal>
  );
}

/** The single keys of a shortcut, as their caps show them. */
function partsOf(keys: string): string[] {
  const parts = keys.length === 1 ? [keys] : keys.split("+");
  return parts.map((part) => (part.length === 1 ? part.toUpperCase() : part));
}
