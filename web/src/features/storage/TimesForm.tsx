import { Button, Group, NumberInput, Stack, Table, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KINDS, type Times, wrong } from "@/features/storage/kinds";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

const NOWRAP = { whiteSpace: "nowrap" } as const;

/** What is used by each kind, and for how many days it is kept; an empty field means forever. */
export function TimesForm({ storage }: { storage: Schemas["Storage"] }) {
  const queries = useQueryClient();
  const form = useForm<Times>({ initialValues: storage.times });
  const change = useMutation({
    mutationFn: (body: Times) => dataOf(api.PUT("/api/storage/retention", { body })),
    onSuccess: (changed) => {
      told("Saved.");
      queries.setQueryData(["storage"], changed);
    },
  });
  const anyWrong = KINDS.some(({ kind }) => wrong(form.values, kind) !== null);
  return (
    <form onSubmit={form.onSubmit((values) => change.mutate(values))}>
      <Stack gap="sm">
        {change.isError && <ErrorPanel error={change.error} />}
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Kind</Table.Th>
              <Table.Th ta="right">About</Table.Th>
              <Table.Th ta="right">Size</Table.Th>
              <Table.Th>Oldest</Table.Th>
              <Table.Th w={200}>Keep for</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {KINDS.map(({ kind, label, explanation }) => {
              const used = storage.kinds.find((one) => one.kind === kind);
              return (
                <Table.Tr key={kind}>
                  <Table.Td>
                    {label}
                    <Text size="xs" c="var(--exekra-quiet)">
                      {explanation}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" style={NOWRAP}>
                    {(used?.rows ?? 0).toLocaleString()}
                  </Table.Td>
                  <Table.Td ta="right" style={NOWRAP}>
                    {bytes(used?.bytes ?? 0)}
                  </Table.Td>
                  <Table.Td style={NOWRAP}>
                    <Ago at={used?.oldest} />
                  </Table.Td>
                  <Table.Td>
                    <NumberInput
                      aria-label={`Days to keep ${label.toLowerCase()}`}
                      placeholder="Forever"
                      suffix=" days"
                      allowDecimal={false}
                      allowNegative={false}
                      clampBehavior="none"
                      value={form.values[kind] ?? ""}
                      onChange={(value) => form.setFieldValue(kind, typeof value === "number" ? value : null)}
                      error={wrong(form.values, kind)}
                    />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        <Group justify="space-between">
          <Text size="sm" c="var(--exekra-quiet)">
            Counted from the end of the execution. An empty field means forever.
          </Text>
          <Group gap="xs">
            <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
              Undo
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty() || anyWrong}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
