import { ActionIcon, Button, Divider, Kbd, Menu, Tooltip } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { Fragment } from "react";
import { isEnabled, labelOf, shownKeys, type Command } from "@/studio/core/command";
import { commands } from "@/studio/page/commands";
import { SaveState } from "@/studio/page/SaveState";
import { useStudio } from "@/studio/core/studio";
import classes from "@/studio/page/Studio.module.css";
import { RunBar } from "@/studio/run/RunBar";
import { useEditor } from "@/studio/state/editor";
import { PageLink } from "@/shared/ui/links";
import { workflowPage } from "@/shared/workflows/links";

const SECTIONS = ["File", "Edit", "Arrange", "View", "Run"] as const;

/** The head of Studio: which workflow it is, what can be done, and whether it is saved. */
export function Toolbar() {
  const id = useEditor((state) => state.workflowId);
  const name = useEditor((state) => state.flow.name);
  const readOnly = useEditor((state) => state.readOnly);
  const at = (place: Command["place"]) => commands.filter((command) => command.place === place);
  return (
    <header className={classes.toolbar}>
      <PageLink {...workflowPage(id)} size="sm" c="var(--exekra-quiet)" flex="none">
        Workflow
      </PageLink>
      <span aria-hidden>/</span>
      <h1 className={classes.title} title={name}>
        {name}
      </h1>
      <SaveState />
      <div style={{ flex: 1 }} />
      {at("start").map((command) => (
        <IconCommand key={command.name} command={command} />
      ))}
      <AllCommands />
      {at("middle").length > 0 && <Divider orientation="vertical" my={12} mx={4} />}
      {at("middle").map((command) => (
        <WordCommand key={command.name} command={command} variant="default" />
      ))}
      <Divider orientation="vertical" my={12} mx={4} />
      <RunBar />
      {!readOnly && <Divider orientation="vertical" my={12} mx={4} />}
      {at("end").map((command, index, all) => (
        <WordCommand key={command.name} command={command} variant={index === all.length - 1 ? "filled" : "default"} />
      ))}
    </header>
  );
}

function useCommand(command: Command) {
  const studio = useStudio();
  const enabled = useEditor((state) => isEnabled(command, state));
  const label = useEditor((state) => labelOf(command, state));
  return { enabled, label, run: () => command.run(studio) };
}

function withKeys(label: string, command: Command): string {
  const [keys] = command.keys ?? [];
  return keys === undefined ? label : `${label} (${shownKeys(keys)})`;
}

function IconCommand({ command }: { command: Command }) {
  const { enabled, label, run } = useCommand(command);
  const readOnly = useEditor((state) => state.readOnly);
  if (command.icon === undefined || (readOnly && command.changes)) return null;
  return (
    <Tooltip label={withKeys(label, command)} openDelay={300}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} disabled={!enabled} onClick={run}>
        <command.icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}

function WordCommand({ command, variant }: { command: Command; variant: "default" | "filled" }) {
  const { enabled, label, run } = useCommand(command);
  const readOnly = useEditor((state) => state.readOnly);
  if (readOnly && command.changes) return null;
  return (
    <Tooltip label={withKeys(label, command)} openDelay={300}>
      <Button
        size="xs"
        variant={variant}
        flex="none"
        disabled={!enabled}
        onClick={run}
        leftSection={command.icon && <command.icon size={16} stroke={1.7} aria-hidden />}
      >
        {label}
      </Button>
    </Tooltip>
  );
}

function AllCommands() {
  const readOnly = useEditor((state) => state.readOnly);
  const shown = commands.filter((command) => !(readOnly && command.changes));
  const sections = SECTIONS.filter((section) => shown.some((command) => command.section === section));
  return (
    <Menu position="bottom-end" width={270} withinPortal>
      <Menu.Target>
        <Tooltip label="All commands" openDelay={300}>
          <ActionIcon variant="subtle" color="gray" aria-label="All commands">
            <IconDotsVertical size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflow: "auto" }}>
        {sections.map((section) => (
          <Fragment key={section}>
            <Menu.Label>{section}</Menu.Label>
            {shown
              .filter((command) => command.section === section)
              .map((command) => (
                <MenuCommand key={command.name} command={command} />
              ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function MenuCommand({ command }: { command: Command }) {
  const { enabled, label, run } = useCommand(command);
  const [keys] = command.keys ?? [];
  return (
    <Menu.Item
      disabled={!enabled}
      onClick={run}
      leftSection={command.icon ? <command.icon size={15} stroke={1.7} /> : <span style={{ width: 15 }} />}
      rightSection={keys && <Kbd size="xs">{shownKeys(keys)}</Kbd>}
    >
      {label}
    </Menu.Item>
  );
}
