import { Center, Text } from "@mantine/core";
import { useMemo } from "react";
import { FlowGraph } from "@/shared/flow/FlowGraph";
import { readDocument } from "@/shared/flow/readDocument";
import type { Mark } from "@/shared/flow/runState";
import { useCatalogue } from "@/shared/flow/useCatalogue";

interface Props {
  document: Readonly<Record<string, unknown>>;
  marks?: Readonly<Record<string, Mark>>;
  selected?: string | null;
  onSelect?: (node: string | null) => void;
}

/** The picture of a version, to look at. */
export function VersionGraph({ document, selected = null, ...others }: Props) {
  const catalogue = useCatalogue();
  const flow = useMemo(() => readDocument(document), [document]);
  if (Object.keys(flow.nodes).length === 0) {
    return (
      <Center h="100%">
        <Text size="sm" c="var(--exekra-quiet)">
          Nothing is drawn yet.
        </Text>
      </Center>
    );
  }
  return <FlowGraph flow={flow} catalogue={catalogue} selected={selected} focus={selected} inPage {...others} />;
}
