import { ActionIcon, Textarea, UnstyledButton } from "@mantine/core";
import { Handle, NodeResizer, Position as Side, type Node, type NodeProps } from "@xyflow/react";
import { IconChevronDown, IconChevronRight, IconX } from "@tabler/icons-react";
import { memo, useState } from "react";
import type { Group, Note } from "@/shared/flow/document";
import type { Rect } from "@/shared/flow/geometry";
import classes from "@/studio/canvas/Canvas.module.css";
import { removeNotes, setGroup, setNote, ungroup } from "@/studio/model/edits/groups";
import { useEditor, useEditorActions } from "@/studio/state/editor";

export type NoteNode = Node<{ id: string; note: Note }, "note">;
export type GroupNode = Node<{ id: string; group: Group }, "cluster">;

const SMALLEST_NOTE = { minWidth: 120, minHeight: 60 };

/** The ids of notes and groups among the nodes of the canvas, where they must not meet those of steps. */
export const noteKey = (id: string) => `note:${id}`;
export const groupKey = (id: string) => `group:${id}`;

/** The id of a note, by its key on the canvas; null for everything else. */
export function noteOfKey(key: string): string | null {
  return key.startsWith("note:") ? key.slice(5) : null;
}

export function groupOfKey(key: string): string | null {
  return key.startsWith("group:") ? key.slice(6) : null;
}

const NotePart = memo(function NotePart({ data: { id, note }, selected }: NodeProps<NoteNode>) {
  const { perform } = useEditorActions();
  const readOnly = useEditor((state) => state.readOnly);
  const [text, setText] = useState<string | null>(null);
  const finish = () => {
    if (text !== null && text !== note.text) perform(setNote(id, { text }));
    setText(null);
  };
  return (
    <div className={classes.note} data-selected={selected || undefined}>
      <NodeResizer
        isVisible={selected && !readOnly}
        {...SMALLEST_NOTE}
        onResizeEnd={(_event, { x, y, width, height }) => perform(setNote(id, rounded({ x, y, width, height })))}
      />
      {text === null ? (
        <div className={classes.noteText} onDoubleClick={() => !readOnly && setText(note.text)}>
          {note.text || <span className={classes.hint}>Double-click to write a note.</span>}
        </div>
      ) : (
        <Textarea
          autoFocus
          className="nodrag nopan nowheel"
          aria-label="Note"
          variant="unstyled"
          classNames={{ root: classes.noteEditor, wrapper: classes.noteEditor, input: classes.noteEditor }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={finish}
          onKeyDown={(event) => {
            if (event.key === "Escape") finish();
            event.stopPropagation();
          }}
        />
      )}
      {selected && !readOnly && (
        <ActionIcon
          className={classes.noteClose}
          size="xs"
          variant="subtle"
          color="gray"
          aria-label="Delete note"
          onClick={() => perform(removeNotes([id]))}
        >
          <IconX size={12} />
        </ActionIcon>
      )}
    </div>
  );
});

const GroupPart = memo(function GroupPart({ data: { id, group }, selected }: NodeProps<GroupNode>) {
  const { perform } = useEditorActions();
  const [title, setTitle] = useState<string | null>(null);
  const folded = group.collapsed === true;
  const finish = () => {
    if (title !== null && title.trim() !== "") perform(setGroup(id, { title: title.trim() }));
    setTitle(null);
  };
  return (
    <div className={classes.group} data-selected={selected || undefined} data-folded={folded || undefined}>
      <div className={classes.groupHead}>
        <ActionIcon
          size="xs"
          variant="subtle"
          color="gray"
          aria-label={folded ? `Expand ${group.title}` : `Collapse ${group.title}`}
          aria-expanded={!folded}
          onClick={() => perform(setGroup(id, { collapsed: !folded }))}
        >
          {folded ? <IconChevronRight size={13} /> : <IconChevronDown size={13} />}
        </ActionIcon>
        {title === null ? (
          <UnstyledButton className={classes.groupTitle} onDoubleClick={() => setTitle(group.title)}>
            {group.title}
          </UnstyledButton>
        ) : (
          <input
            autoFocus
            className={`nodrag ${classes.groupTitle}`}
            aria-label="Title of the group"
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            onBlur={finish}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === "Escape") finish();
              event.stopPropagation();
            }}
          />
        )}
        {folded && (
          <span className={classes.hint}>{group.nodes.length === 1 ? "1 step" : `${group.nodes.length} steps`}</span>
        )}
        {selected && (
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={`Ungroup ${group.title}`}
            onClick={() => perform(ungroup([id]))}
          >
            <IconX size={12} />
          </ActionIcon>
        )}
      </div>
      {folded && (
        <>
          <Handle type="target" id="in" position={Side.Top} isConnectable={false} className={classes.hiddenHandle} />
          <Handle
            type="source"
            id="out"
            position={Side.Bottom}
            isConnectable={false}
            className={classes.hiddenHandle}
          />
        </>
      )}
    </div>
  );
});

function rounded(rect: Rect): Rect {
  return {
    x: Math.round(rect.x),
    y: Math.round(rect.y),
    width: Math.round(rect.width),
    height: Math.round(rect.height),
  };
}

/** How notes and groups are drawn. */
export const extraNodeTypes = { note: NotePart, cluster: GroupPart };
