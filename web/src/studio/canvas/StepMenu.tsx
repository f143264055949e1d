import { Kbd, Menu } from "@mantine/core";
import { Fragment, type RefObject, useEffect, useState } from "react";
import { isEnabled, labelOf, shownKeys, type Command } from "@/studio/page/command";
import { commands } from "@/studio/page/commands";
import { useStudio } from "@/studio/page/studio";
import { useEditor, useEditorStore } from "@/studio/state/editor";

const GROUPS: readonly (readonly string[])[] = [
  ["run-from-here", "debug-from-here", "run-alone", "breakpoint"],
  ["cut", "copy", "duplicate", "enable"],
  ["delete"],
];

/** What one can do with a step, where it was clicked with the other button, or with the menu key. */
export function StepMenu({ element }: { element: RefObject<HTMLDivElement | null> }) {
  const store = useEditorStore();
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  useEffect(() => {
    const canvas = element.current;
    const onContextMenu = (event: MouseEvent) => {
      const place = placeOf(event, canvas, store.getState().selection.nodes);
      if (place === null || canvas === null) return;
      event.preventDefault();
      const { nodes } = store.getState().selection;
      if (!nodes.includes(place.node)) store.actions.select({ nodes: [place.node] });
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
      width={250}
      withinPortal
      returnFocus
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
        {GROUPS.map((names, index) => (
          <Fragment key={index}>
            {index > 0 && <Menu.Divider />}
            {commands
              .filter(({ name }) => names.includes(name))
              .sort((one, other) => names.indexOf(one.name) - names.indexOf(other.name))
              .map((command) => (
                <Item key={command.name} command={command} />
              ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Item({ command }: { command: Command }) {
  const studio = useStudio();
  const enabled = useEditor((state) => isEnabled(command, state));
  const label = useEditor((state) => labelOf(command, state));
  const readOnly = useEditor((state) => state.readOnly);
  const [keys] = command.keys ?? [];
  if (readOnly && command.changes) return null;
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
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>(".react-flow__node") : null;
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
