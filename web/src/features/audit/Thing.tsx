import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Entry } from "@/features/audit/queries";
import { thingWords } from "@/features/audit/words";

const PAGES: Record<string, string> = { workflow: "/workflows", runner: "/runners", execution: "/executions" };

/** What something was done to, with the way to it while it is there. */
export function Thing({ entry }: { entry: Entry }) {
  const { resource, resource_id: id, resource_name: name } = entry;
  const page = PAGES[resource];
  const words = thingWords(entry);
  if (page === undefined || id === null || name === null) return words;
  return (
    <Anchor inherit component={Link} to={`${page}/${id}`} title={words}>
      {words}
    </Anchor>
  );
}
