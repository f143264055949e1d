import { Text } from "@mantine/core";

/** A choice of a list, and in a second line what is to be known of it. */
export function OptionLines({
  label,
  note,
  chosen = false,
}: {
  label: string;
  note: string | undefined;
  chosen?: boolean | undefined;
}) {
  return (
    <div>
      <Text size="xs" {...(chosen && { fw: 600 })}>
        {label}
      </Text>
      {note && (
        <Text size="xs" c="var(--exekra-quiet)" lineClamp={1}>
          {note}
        </Text>
      )}
    </div>
  );
}
