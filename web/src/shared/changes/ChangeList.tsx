import { Badge, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconArrowsExchange, IconMinus, IconPencil, IconPlus, type Icon } from "@tabler/icons-react";
import {
  type ChangedFile,
  changeGroups,
  type ChangeLine,
  type Changes,
  fieldTitle,
  type Kind,
  valueText,
} from "@/shared/changes/changes";
import classes from "@/shared/changes/ChangeList.module.css";

const LOOKS: Record<Kind, { label: string; color: string; icon: Icon }> = {
  added: { label: "Added", color: "teal", icon: IconPlus },
  removed: { label: "Removed", color: "red", icon: IconMinus },
  changed: { label: "Changed", color: "yellow", icon: IconPencil },
  renamed: { label: "Renamed", color: "violet", icon: IconArrowsExchange },
};

const ONE = "You chose the same version twice. Choose another one to compare with.";
const LAYOUT = "Only the layout differs. Both versions do the same.";
const NOTHING = "Both versions are the same.";

interface Props {
  changes: Changes;
  files?: readonly ChangedFile[];
  /** Whether a version is compared with itself. */
  ofOne?: boolean;
  selected?: string | null;
  /** A click on a change of a node leads there. */
  onNode?: (node: string) => void;
  /** The file whose lines are compared now. */
  file?: string | null;
  /** A click on a change of a text file shows its lines. */
  onFile?: (path: string) => void;
}

/** What is different between two versions of a workflow, in words. */
export function ChangeList({
  changes,
  files = [],
  ofOne = false,
  selected = null,
  onNode,
  file = null,
  onFile,
}: Props) {
  const groups = changeGroups(changes, files);
  const actionOf = ({ node, file: path }: ChangeLine) => {
    if (node !== null && onNode !== undefined) return () => onNode(node);
    return path !== undefined && onFile !== undefined ? () => onFile(path) : null;
  };
  if (groups.length === 0) return <Text size="sm">{ofOne ? ONE : changes.layout_changed ? LAYOUT : NOTHING}</Text>;
  return (
    <Stack gap="md">
      {changes.layout_changed && (
        <Text size="xs" c="var(--exekra-quiet)">
          The layout changed too, which does not affect executions.
        </Text>
      )}
      {groups.map(({ title, lines }) => (
        <section key={title}>
          <Title order={2} fz="xs" c="var(--exekra-quiet)" mb={4}>
            {title} ({lines.length})
          </Title>
          <Stack gap={6}>
            {lines.map((line) => (
              <Line
                key={line.key}
                line={line}
                selected={
                  (line.node !== null && line.node === selected) || (line.file !== undefined && line.file === file)
                }
                onShow={actionOf(line)}
              />
            ))}
          </Stack>
        </section>
      ))}
    </Stack>
  );
}

interface LineProps {
  line: ChangeLine;
  selected: boolean;
  /** Shows where it is; null where there is nothing to show. */
  onShow: (() => void) | null;
}

function Line({ line, selected, onShow }: LineProps) {
  const { label, color, icon: Picture } = LOOKS[line.kind];
  const head = (
    <>
      <Badge
        className={`exekra-badge ${classes.kind}`}
        data-color={color}
        variant="light"
        color={color}
        size="sm"
        radius="sm"
        tt="none"
        leftSection={<Picture size={12} aria-hidden />}
      >
        {label}
      </Badge>
      <span className={classes.lineTitle} title={line.title}>
        {line.title}
      </span>
      {line.sizes !== undefined && <span className={classes.sizes}>{line.sizes}</span>}
    </>
  );
  return (
    <div className={classes.line} data-selected={selected || undefined}>
      {onShow !== null ? (
        <UnstyledButton className={classes.lineHead} onClick={onShow} aria-pressed={selected}>
          {head}
        </UnstyledButton>
      ) : (
        <div className={classes.lineHead}>{head}</div>
      )}
      {line.note !== undefined && <div className={classes.note}>{line.note}</div>}
      {line.kind !== "removed" && line.fields.length > 0 && <Fields line={line} />}
    </div>
  );
}

function Fields({ line }: { line: ChangeLine }) {
  return (
    <dl className={classes.fields}>
      {line.fields.map((field) => (
        <div key={field.field}>
          <dt>{fieldTitle(field.field)}</dt>
          {field.change !== "added" && <dd className={classes.old}>{valueText(field.old)}</dd>}
          {field.change !== "removed" && <dd className={classes.new}>{valueText(field.new)}</dd>}
        </div>
      ))}
    </dl>
  );
}
