import { Button, Group, Text } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { newPassword } from "@/features/people/newPassword";
import { CopyLine } from "@/shared/ui/CopyLine";
import { PasswordField } from "@/shared/ui/PasswordField";

export const SHORTEST_PASSWORD = 8;

/** Why a password cannot be taken; null when it can. */
export function passwordProblem(value: string): string | null {
  return value.length < SHORTEST_PASSWORD ? `Use at least ${SHORTEST_PASSWORD} characters.` : null;
}

interface Props {
  value: string;
  error?: React.ReactNode;
  made: boolean;
  /** `made` tells whether it was made here, so that it may be shown. */
  onChange: (value: string, made: boolean) => void;
}

/** A password that an administrator gives to somebody: typed, or made and shown so that it can be passed on. */
export function GivenPassword({ value, error, made, onChange }: Props) {
  if (made) {
    return (
      <div>
        <CopyLine label="Password" value={value} />
        <Group justify="space-between" mt={4}>
          <Text size="xs" c="var(--exekra-quiet)">
            Pass it on now: it will not be shown again.
          </Text>
          <Button size="compact-xs" variant="subtle" onClick={() => onChange("", false)}>
            Type one instead
          </Button>
        </Group>
      </div>
    );
  }
  return (
    <div>
      <PasswordField
        label="Password"
        description={`At least ${SHORTEST_PASSWORD} characters. The user can change it under Account.`}
        autoComplete="new-password"
        required
        value={value}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value, false)}
      />
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconSparkles size={14} />}
        onClick={() => onChange(newPassword(), true)}
      >
        Generate
      </Button>
    </div>
  );
}
