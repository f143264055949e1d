import type { Entry } from "@/features/audit/queries";
import { thingWords } from "@/features/audit/words";
import { PageLink } from "@/shared/ui/links";
import { workflowPage } from "@/shared/workflows/links";
import { runnerPage } from "@/shared/runners/links";
import { executionPage } from "@/shared/executions/links";

const PAGES = { workflow: workflowPage, runner: runnerPage, execution: executionPage };

/** What something was done to, with the way to it while it is there. */
export function Thing({ entry }: { entry: Entry }) {
  const { resource, resource_id: id, resource_name: name } = entry;
  const words = thingWords(entry);
  if (!hasPage(resource) || id === null || name === null) return words;
  return (
    <PageLink {...PAGES[resource](id)} inherit title={words}>
      {words}
    </PageLink>
  );
}

function hasPage(resource: string): resource is keyof typeof PAGES {
  return Object.hasOwn(PAGES, resource);
}
