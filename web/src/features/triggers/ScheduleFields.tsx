import { Autocomplete, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { inWords } from "@/shared/api/errors";

export type ScheduleSettings = Schemas["ScheduleSettings"];

const TYPING_MILLISECONDS = 300;
const USUAL = [
  { value: "0 9 * * MON-FRI", label: "On weekdays at 9:00" },
  { value: "0 6 * * *", label: "Every day at 6:00" },
  { value: "0 * * * *", label: "Every hour" },
  { value: "*/15 * * * *", label: "Every 15 minutes" },
  { value: "0 8 * * MON", label: "On Mondays at 8:00" },
  { value: "0 7 1 * *", label: "On the first of the month at 7:00" },
];
const OWN = "own";

interface Props {
  value: ScheduleSettings;
  onChange: (value: ScheduleSettings) => void;
}

/** When a schedule fires, with its next times before it is saved. */
export function ScheduleFields({ value, onChange }: Props) {
  const usual = USUAL.some((one) => one.value === value.cron);
  return (
    <Stack>
      <Select
        label="When"
        allowDeselect={false}
        data={[...USUAL, { value: OWN, label: "Another cron expression" }]}
        value={usual ? value.cron : OWN}
        onChange={(cron) => onChange({ ...value, cron: cron === OWN ? `${value.cron} ` : (cron ?? value.cron) })}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Cron expression"
          description="Minute, hour, day, month, weekday"
          required
          maxLength={200}
          value={value.cron}
          onChange={(event) => onChange({ ...value, cron: event.currentTarget.value })}
        />
        <Autocomplete
          label="Time zone"
          description="Summer and winter time are followed"
          required
          limit={30}
          data={Intl.supportedValuesOf("timeZone")}
          value={value.time_zone}
          onChange={(time_zone) => onChange({ ...value, time_zone })}
        />
      </Group>
      <NextTimes cron={value.cron} timeZone={value.time_zone} />
      <Select
        label="Times at which no Hub was running"
        allowDeselect={false}
        data={[
          { value: "once", label: "Run once for all of them" },
          { value: "all", label: "Run for each of them" },
          { value: "skip", label: "Skip them, and say so in the history" },
        ]}
        value={value.misfire}
        onChange={(misfire) => onChange({ ...value, misfire: misfire as ScheduleSettings["misfire"] })}
      />
    </Stack>
  );
}

function NextTimes({ cron, timeZone }: { cron: string; timeZone: string }) {
  const [wanted] = useDebouncedValue(`${cron.trim()}|${timeZone}`, TYPING_MILLISECONDS);
  const preview = useQuery({
    queryKey: ["triggers", "preview", wanted],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: ({ signal }) => {
      const [cron_, zone] = wanted.split("|");
      return dataOf(
        api.POST("/api/triggers/preview", { body: { cron: cron_ ?? "", time_zone: zone ?? "UTC" }, signal }),
      );
    },
  });
  if (preview.isError) {
    return (
      <Text size="sm" c="red" role="alert">
        {inWords(preview.error)}
      </Text>
    );
  }
  const shown = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short", timeZone: safe(timeZone) });
  return (
    <Stack gap={2} mih={120} aria-live="polite">
      <Text size="sm" fw={500}>
        {preview.data?.words ?? " "}
      </Text>
      {preview.data?.next.map((time) => (
        <Text key={time} size="sm" c="var(--exekra-quiet)">
          {shown.format(new Date(time))}
        </Text>
      ))}
    </Stack>
  );
}

/** The zone, as far as the browser knows it while it is being typed. */
function safe(timeZone: string): string {
  return Intl.supportedValuesOf("timeZone").includes(timeZone) ? timeZone : "UTC";
}
