import { Text } from "@mantine/core";
import { Thing } from "@/features/audit/Thing";
import { actorWords, detailWords } from "@/features/audit/words";
import type { Entry } from "@/features/audit/queries";
import { moment } from "@/shared/format/time";
import type { ListColumn } from "@/shared/ui/ListTable";
import { RowLink } from "@/shared/ui/RowLink";

/** The columns of the audit log. */
export const auditColumns: ListColumn<Entry>[] = [
  {
    accessor: "at",
    title: "When",
    width: 200,
    render: (entry) => (
      <RowLink from="/audit" to="/audit" search={(old) => ({ ...old, entry: entry.id })}>
        <time dateTime={entry.at}>{moment(entry.at)}</time>
      </RowLink>
    ),
  },
  { accessor: "actor_name", title: "Who", width: 190, ellipsis: true, render: (entry) => actorWords(entry) },
  { accessor: "action", title: "What", width: 200, ellipsis: true },
  { accessor: "resource_name", title: "On", ellipsis: true, render: (entry) => <Thing entry={entry} /> },
  {
    accessor: "details",
    title: "Details",
    ellipsis: true,
    render: (entry) => (
      <Text inherit span c="var(--exekra-quiet)" title={detailWords(entry)}>
        {detailWords(entry)}
      </Text>
    ),
  },
  { accessor: "ip", title: "Address", width: 120, render: ({ ip }) => ip ?? "–" },
];
