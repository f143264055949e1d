import { Radio, Stack } from "@mantine/core";
import type { Schemas } from "@/shared/api/client";

type Type = Schemas["RunnerType"];

/** Choose a Runner's type, each said in words. */
export function TypeChoice({ value, onChange }: { value: Type; onChange: (type: Type) => void }) {
  return (
    <Radio.Group label="Type" value={value} onChange={(type) => onChange(type as Type)}>
      <Stack gap="xs" mt={6}>
        <Radio value="UNATTENDED" label="Unattended" description="Works on its own, day and night." />
        <Radio value="ATTENDED" label="Attended" description="Works alongside a person, on that person's machine." />
      </Stack>
    </Radio.Group>
  );
}
