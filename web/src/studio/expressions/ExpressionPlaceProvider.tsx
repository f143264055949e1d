import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { api, dataOf } from "@/shared/api/client";
import type { Catalogue } from "@/shared/flow/catalogue";
import type { Flow } from "@/shared/flow/document";
import { mapRecord } from "@/shared/flow/records";
import { writeDocument } from "@/shared/flow/writeDocument";
import { ExpressionPlaceContext, type LanguageFunction, type NameInReach } from "@/studio/expressions/names";
import { useScope } from "@/studio/expressions/useLastRun";
import { useEditor } from "@/studio/state/editor";

const PAUSE_MILLISECONDS = 400;
const NO_NAMES: readonly NameInReach[] = [];
const NO_FUNCTIONS: readonly LanguageFunction[] = [];

/**
 * Gives the expression editors inside of it what can be read at a node (at the flow's end, for null). Nothing is asked
 * for until one of them has the focus.
 */
export function ExpressionPlaceProvider({ node, children }: { node: string | null; children: ReactNode }) {
  const [wanted, setWanted] = useState<{ node: string | null; field: string | null } | null>(null);
  const isWanted = wanted !== null && wanted.node === node;
  const names = useNames(node, isWanted ? wanted.field : null, isWanted);
  const functions = useFunctions(isWanted);
  const scope = useScope(node, isWanted);
  const place = useMemo(
    () => ({
      names: names ?? NO_NAMES,
      functions,
      scope,
      known: names !== undefined,
      want: (field: string | null) => setWanted({ node, field }),
    }),
    [names, functions, scope, node],
  );
  return <ExpressionPlaceContext value={place}>{children}</ExpressionPlaceContext>;
}

/** All functions that expressions may call. */
export function useFunctions(wanted: boolean): readonly LanguageFunction[] {
  const { data } = useQuery({
    queryKey: ["language-functions"],
    staleTime: Infinity,
    queryFn: wanted ? () => dataOf(api.GET("/api/language/functions")) : skipToken,
  });
  return data ?? NO_FUNCTIONS;
}

/** The names in reach at a node, a moment after the flow changed. */
function useNames(node: string | null, field: string | null, wanted: boolean): readonly NameInReach[] | undefined {
  const flow = useEditor((state) => (wanted ? state.flow : null));
  const catalogue = useEditor((state) => state.catalogue);
  const [settled] = useDebouncedValue(flow, PAUSE_MILLISECONDS);
  // Of a new step the flow of a moment ago knows nothing.
  const isThere = settled !== null && (node === null || Object.hasOwn(settled.nodes, node));
  const shown = isThere ? settled : flow;
  const document = useMemo(() => (shown === null ? null : namesDocument(shown, catalogue)), [shown, catalogue]);
  // A loop's condition is the only field that sees more than the others.
  const place = field === "condition" ? field : null;
  const { data } = useQuery({
    queryKey: ["language-names", node, place, document],
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 30_000,
    retry: false,
    queryFn:
      document === null
        ? skipToken
        : ({ signal }) => {
            const body = { document: JSON.parse(document) as Record<string, never>, node, field: place };
            return dataOf(api.POST("/api/language/names", { body, signal }));
          },
  });
  return data;
}

/**
 * The flow as a text with all that names depend on: the fields of activities are left out, so that typing in them asks
 * nothing and a large flow is small.
 */
function namesDocument(flow: Flow, catalogue: Catalogue): string {
  const nodes = mapRecord(flow.nodes, (node) =>
    catalogue.entryOf(node).kind === "control" ? node : { ...node, with: {} },
  );
  const { layout, ...document } = writeDocument({ ...flow, nodes });
  void layout;
  return JSON.stringify(document);
}
