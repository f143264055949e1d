import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { callersQuery } from "@/shared/workflows/queries";
import { PageLink } from "@/shared/ui/links";
import { workflowPage } from "@/shared/workflows/links";

const MOST_NAMED = 10;

interface Props {
  id: string;
  /** Behind the names: what becomes of them. */
  then?: string;
  /** Whether the names lead to them: a dialog is no place to leave from. */
  linked?: boolean;
}

/** The workflows that call one, as the beginning of a sentence; nothing where none does. */
export function Callers({ id, then, linked = true }: Props) {
  const { data: callers = [] } = useQuery(callersQuery(id));
  if (callers.length === 0) return null;
  const more = callers.length - MOST_NAMED;
  return (
    <>
      {callers.slice(0, MOST_NAMED).map((caller, index) => (
        <Fragment key={caller.id}>
          {index > 0 && ", "}
          {linked ? (
            <PageLink {...workflowPage(caller.id)} inherit>
              {caller.name}
            </PageLink>
          ) : (
            caller.name
          )}
          {!caller.published && " (a draft)"}
        </Fragment>
      ))}
      {more > 0 && ` and ${more.toLocaleString()} more`} {then}
    </>
  );
}
