import { Kbd, Menu } from "@mantine/core";
import { Fragment, type RefObject, use, useEffect, useState } from "react";
import { CommandsContext, isEnabled, labelOf, shownKeys, type Command } from "@/studio/core/command";
import { useStudio } from "@/studio/core/studio";
import { callsWorkflow } from "@/studio/called/showCalled";
import { chosenNodes, useEditor, useEditorStore, type EditorStore } from "@/studio/state/editor";

const GROUPS: readonly (readonly string[])[] = [
  ["show-called"],
  ["run-from-here", "debug-from-here", "run-alone"],
  ["breakpoint", "condition"],
  ["cut", "copy", "duplicate", "enable"],
  ["delete"],
];

/** What one can do with a step, where it was clicked with the other button, or with the menu key. */
export function StepMenu({ element }: { element: RefObject<HTMLDivElement | null> }) {
  const store = useEditorStore();
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  const groups = useShownGroups();
  useEffect(() => {
    const canvas = element.current;
    const onContextMenu = (event: MouseEvent) => {
      const chosen = chosenNodes(store.getState());
      const place = placeOf(event, canvas, chosen);
      if (place === null || canvas === null) return;
      event.preventDefault();
      if (!chosen.includes(place.node)) choose(store, place.node);
      const box = canvas.getBoundingClientRect();
      setAt({ x: place.x - box.left, y: place.y - box.top });
    };
    canvas?.addEventListener("contextmenu", onContextMenu);
    return () => canvas?.removeEventListener("contextmenu", onContextMenu);
  }, [element, store]);
  return (
    <Menu
      opened={at !== null}
      onClose={() => setAt(null)}
      position="bottom-start"
      offset={2}
      width={270}
      withinPortal
      returnFocus
      preventPositionChangeWhenVisible={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label="Menu of the step"
          style={{
            position: "absolute",
            left: at?.x ?? 0,
            top: at?.y ?? 0,
            width: 0,
            height: 0,
            padding: 0,
            border: 0,
          }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {groups.map((group, index) => (
          <Fragment key={group[0]?.name}>
            {index > 0 && <Menu.Divider />}
            {group.map((command) => (
              <Item key={command.name} command={command} />
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** What can be done here, by groups. Nothing is offered of what one may not do, or a step cannot be. */
function useShownGroups(): readonly (readonly Command[])[] {
  const commands = use(CommandsContext);
  const readOnly = useEditor((state) => state.readOnly);
  const called = useEditor((state) => state.calls.length > 0);
  const calls = useEditor(callsWorkflow);
  return GROUPS.map((names) =>
    names
      .map((name) => commands.find((command) => command.name === name))
      .filter((command) => command !== undefined)
      .filter(
        ({ name, changes, own }) => !(readOnly && changes) && !(called && own) && (calls || name !== "show-called"),
      ),
  ).filter((group) => group.length > 0);
}

function choose(store: EditorStore, node: string): void {
  if (store.getState().calls.length > 0) store.actions.chooseCalled(node);
  else store.actions.select({ nodes: [node] });
}

function Item({ command }: { command: Command }) {
  const studio = useStudio();
  const enabled = useEditor((state) => isEnabled(command, state));
  const label = useEditor((state) => labelOf(command, state));
  const [keys] = command.keys ?? [];
  return (
    <Menu.Item
      disabled={!enabled}
      leftSection={command.icon ? <command.icon size={15} stroke={1.7} /> : <span style={{ width: 15 }} />}
      rightSection={keys && <Kbd size="xs">{shownKeys(keys)}</Kbd>}
      onClick={() => command.run(studio)}
    >
      {label}
    </Menu.Item>
  );
}

/** The step that is meant, and where its menu opens: at the pointer, or for the menu key at the selected step. */
function placeOf(event: MouseEvent, canvas: HTMLElement | null, selected: readonly string[]) {
  const over = event.target instanceof Element ? event.target : null;
  // A breakpoint has a meaning of its own for that button.
  if (over?.closest("[data-breakpoint]")) return null;
  const target = over?.closest<HTMLElement>(".react-flow__node");
  const clicked = target?.dataset.id;
  if (clicked !== undefined && /-(step|block)$/.test(typeOf(target)))
    return { node: clicked, x: event.clientX, y: event.clientY };
  const [only] = selected;
  if (event.target !== canvas || only === undefined || canvas === null) return null;
  const card = canvas.querySelector(`.react-flow__node[data-id="${CSS.escape(only)}"]`)?.getBoundingClientRect();
  return card === undefined ? null : { node: only, x: card.left + 20, y: card.top + card.height };
}

function typeOf(node: HTMLElement | null | undefined): string {
  return [...(node?.classList ?? [])].find((name) => name.startsWith("react-flow__node-")) ?? "";
}
