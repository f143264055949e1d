import { ActionIcon, Anchor, CopyButton, UnstyledButton } from "@mantine/core";
import { IconCheck, IconChevronDown, IconChevronRight, IconCopy } from "@tabler/icons-react";
import { createContext, useContext, useState } from "react";
import { fileAddress } from "@/shared/api/executionFiles";
import { type FileReference, isFileReference } from "@/shared/api/upload";
import type { Json, JsonObject } from "@/shared/flow/document";
import { bytes } from "@/shared/format/bytes";
import classes from "@/shared/ui/JsonTree.module.css";
import { useEscape } from "@/shared/ui/useEscape";

const AT_ONCE = 100;
const LONGEST_TEXT = 300;
const SHORT_TEXT = 80;

const FilesOf = createContext<string | null>(null);

interface JsonTreeProps {
  value: Json | undefined;
  /** What the whole is called; its own line is left out without a name. */
  name?: string;
  /** How deep it is open at first. */
  open?: number;
  /** The execution whose values these are: a file among them is a link that downloads it. */
  filesOf?: string;
}

/** A value to look into: lists and objects open when they are asked to, tables are tables. */
export function JsonTree({ value, name, open = 1, filesOf }: JsonTreeProps) {
  if (value === undefined) return null;
  const parts = name === undefined ? partsOf(value) : null;
  return (
    <FilesOf value={filesOf ?? null}>
      {parts === null ? (
        <ul className={classes.tree}>
          <Branch name={name ?? ""} path={name ?? ""} value={value} open={open} />
        </ul>
      ) : (
        <Parts parts={parts} path="" open={open - 1} />
      )}
    </FilesOf>
  );
}

function Branch({ name, path, value, open }: { name: string; path: string; value: Json; open: number }) {
  const [isOpen, setOpen] = useState(open > 0);
  const table = asTable(value);
  const parts = table === null ? partsOf(value) : null;
  const opens = table !== null || (parts !== null && parts.length > 0);
  const words = (
    <>
      {name !== "" && <span className={classes.name}>{name}</span>}
      <Summary value={value} open={isOpen && opens} />
    </>
  );
  return (
    <li>
      <div className={classes.line}>
        {opens ? (
          <UnstyledButton className={classes.head} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? <IconChevronDown size={12} aria-hidden /> : <IconChevronRight size={12} aria-hidden />}
            {words}
          </UnstyledButton>
        ) : (
          <span className={classes.head} data-leaf>
            {words}
          </span>
        )}
        <Copy value={value} path={path} />
      </div>
      {isOpen && table !== null && <TableView table={table} onClose={() => setOpen(false)} />}
      {isOpen && parts !== null && parts.length > 0 && <Parts parts={parts} path={path} open={open - 1} />}
    </li>
  );
}

type Part = readonly [name: string, value: Json, path: string];

function Parts({ parts, path, open }: { parts: readonly Part[]; path: string; open: number }) {
  const [most, setMost] = useState(AT_ONCE);
  return (
    <ul className={classes.tree}>
      {parts.slice(0, most).map(([name, value, step]) => (
        <Branch key={name} name={name} path={path === "" ? name : path + step} value={value} open={open} />
      ))}
      {parts.length > most && (
        <li>
          <UnstyledButton className={classes.more} onClick={() => setMost(most + AT_ONCE * 5)}>
            Show more of {(parts.length - most).toLocaleString("en")}
          </UnstyledButton>
        </li>
      )}
    </ul>
  );
}

function Summary({ value, open }: { value: Json; open: boolean }) {
  if (isFileReference(value)) return <FileLink file={value} />;
  if (typeof value === "string") return <LongText text={value} />;
  if (value === null || typeof value !== "object") {
    return (
      <span className={classes.value} data-kind={value === null ? "nothing" : typeof value}>
        {String(value)}
      </span>
    );
  }
  const table = asTable(value);
  const kind =
    table !== null
      ? `Table, ${table.length.toLocaleString("en")} × ${table.columns.length}`
      : Array.isArray(value)
        ? `List, ${value.length.toLocaleString("en")}`
        : `Object, ${Object.keys(value).length.toLocaleString("en")}`;
  return (
    <>
      <span className={classes.kind}>{kind}</span>
      {!open && table === null && <span className={classes.glance}>{glance(value)}</span>}
    </>
  );
}

function FileLink({ file }: { file: FileReference }) {
  const execution = useContext(FilesOf);
  const words = `${file.name} (${bytes(file.size)})`;
  if (execution === null) return <span className={classes.value}>{words}</span>;
  return (
    <Anchor inherit className={classes.value} href={fileAddress(execution, file.$file)} download>
      {words}
    </Anchor>
  );
}

function LongText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > LONGEST_TEXT;
  return (
    <span className={classes.value} data-kind="text">
      {JSON.stringify(long && !whole ? text.slice(0, LONGEST_TEXT) : text)}
      {long && (
        <UnstyledButton component="button" className={classes.more} onClick={() => setWhole(!whole)}>
          {whole ? "less" : `${(text.length - LONGEST_TEXT).toLocaleString("en")} more characters`}
        </UnstyledButton>
      )}
    </span>
  );
}

function TableView({ table, onClose }: { table: TableValue; onClose: () => void }) {
  useEscape(true, onClose);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Table">
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column, index) => (
              <th key={index} scope="col">
                {String(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, AT_ONCE).map((row, index) => (
            <tr key={index}>
              {table.columns.map((_, column) => (
                <td key={column}>{cellText(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.length > table.rows.length && (
        <div className={classes.kind}>
          The first {table.rows.length.toLocaleString("en")} of {table.length.toLocaleString("en")} rows
        </div>
      )}
    </div>
  );
}

function Copy({ value, path }: { value: Json; path: string }) {
  return (
    <CopyButton value={typeof value === "string" ? value : JSON.stringify(value, null, 2)} timeout={1500}>
      {({ copied, copy }) => (
        <ActionIcon
          className={classes.copy}
          variant="subtle"
          color="gray"
          size={18}
          title={copied ? "Copied" : "Copy the value"}
          aria-label={`Copy the value of ${path || "all"}`}
          onClick={copy}
        >
          {copied ? <IconCheck size={12} /> : <IconCopy size={12} />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}

interface TableValue {
  readonly columns: readonly Json[];
  readonly rows: readonly (readonly Json[])[];
  readonly length: number;
}

/** The value as a table, if it is what the Hub shows of one. */
function asTable(value: Json): TableValue | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const { columns, rows, length, ...more } = value as JsonObject;
  if (!Array.isArray(columns) || !Array.isArray(rows) || typeof length !== "number") return null;
  return Object.keys(more).length > 0 || !rows.every(Array.isArray) ? null : { columns, rows, length };
}

function partsOf(value: Json): readonly Part[] | null {
  if (value === null || typeof value !== "object" || asTable(value) !== null || isFileReference(value)) return null;
  if (Array.isArray(value)) return value.map((item: Json, index) => [String(index), item, `[${index}]`] as const);
  return Object.entries(value as JsonObject).map(([key, item]) => {
    const step = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    return [key, item, step] as const;
  });
}

function glance(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > SHORT_TEXT ? `${text.slice(0, SHORT_TEXT)}…` : text;
}

function cellText(cell: Json | undefined): string {
  if (cell === undefined || cell === null) return "";
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}
