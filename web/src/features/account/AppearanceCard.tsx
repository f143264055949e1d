import { Input, SegmentedControl, Select, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Card } from "@/features/account/Card";
import { LocaleChoice } from "@/features/account/LocaleChoice";
import { moment } from "@/shared/format/time";
import { changePreferences, type Preferences, preferencesQuery } from "@/shared/session/preferences";
import { type Theme, useTheme } from "@/shared/session/useTheme";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";
import { told } from "@/shared/ui/told";

const THEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
];

// Browsers leave UTC out, though it is what many machines keep.
const ZONES = [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];

/** Theme, time zone, and how one writes numbers, kept for wherever one signs in. */
export function AppearanceCard() {
  const queries = useQueryClient();
  const [theme, setTheme] = useTheme();
  const { data } = useQuery(preferencesQuery);
  const browsers = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choose = useMutation({
    mutationFn: (change: Partial<Preferences>) => changePreferences(queries, change),
    onSuccess: () => told("Saved."),
  });
  return (
    <Card title="Appearance">
      <Input.Wrapper label="Theme" labelElement="div">
        <div>
          <SegmentedControl
            aria-label="Theme"
            data={THEMES}
            value={theme}
            onChange={(value) => setTheme(value as Theme)}
            mt={4}
          />
        </div>
      </Input.Wrapper>
      {choose.isError && <ErrorPanel error={choose.error} />}
      <Select
        label="Time zone"
        description="The time zone in which all pages show dates and times."
        placeholder={`Same as the browser: ${browsers}`}
        clearable
        searchable
        limit={200}
        nothingFoundMessage="No such time zone"
        data={ZONES}
        value={data?.time_zone ?? null}
        disabled={choose.isPending}
        onChange={(zone) => choose.mutate({ time_zone: zone })}
      />
      <LocaleChoice
        value={data?.locale ?? null}
        disabled={choose.isPending}
        onChange={(tag) => choose.mutate({ locale: tag })}
      />
      <Text size="sm" c="var(--exekra-quiet)">
        It is now {moment(new Date())}.
      </Text>
    </Card>
  );
}
