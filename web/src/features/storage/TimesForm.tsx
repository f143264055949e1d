import { Button, Group, NumberInput, Stack, Table, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { KINDS, tooLong, type Times } from "@/features/storage/kinds";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { bytes } from "@/shared/format/bytes";
import { Ago } from "@/shared/ui/Ago";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

const MOST_DAYS = 36_500;

/** What is used by each kind, and for how many days it is kept; an empty field means for ever. */
export function TimesForm({ storage }: { storage: Schemas["Storage"] }) {
  const queries = useQueryClient();
  const form = useForm<Times>({ initialValues: storage.times });
  const change = useMutation({
    mutationFn: (body: Times) => dataOf(api.PUT("/api/storage/retention", { body })),
    onSuccess: (changed) => {
      told("The new times were saved.");
      queries.setQueryData(["storage"], changed);
    },
  });
  const long = tooLong(form.values);
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
                  <Table.Td ta="right">{(used?.rows ?? 0).toLocaleString()}</Table.Td>
                  <Table.Td ta="right">{bytes(used?.bytes ?? 0)}</Table.Td>
                  <Table.Td>
                    <Ago at={used?.oldest} />
                  </Table.Td>
                  <Table.Td>
                    <NumberInput
                      aria-label={`Days to keep ${label.toLowerCase()}`}
                      placeholder="For ever"
                      suffix=" days"
                      min={1}
                      max={MOST_DAYS}
                      allowDecimal={false}
                      allowNegative={false}
                      clampBehavior="strict"
                      value={form.values[kind] ?? ""}
                      onChange={(value) => form.setFieldValue(kind, typeof value === "number" ? value : null)}
                      error={long === kind && "Longer than executions are kept"}
                    />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
        <Group justify="space-between">
          <Text size="sm" c="var(--exekra-quiet)">
            Counted from the end of the execution. An empty field means for ever.
          </Text>
          <Group gap="xs">
            <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
              Undo
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!form.isDirty() || long !== null}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
