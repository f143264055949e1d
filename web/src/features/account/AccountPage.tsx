import { Stack } from "@mantine/core";
import { AppearanceCard } from "@/features/account/AppearanceCard";
import { PasswordCard } from "@/features/account/PasswordCard";
import { PersonCard } from "@/features/account/PersonCard";
import { SessionCard } from "@/features/account/SessionCard";
import { PageHeader } from "@/shared/ui/PageHeader";

/** One's own name, password, theme and time zone. */
export function AccountPage() {
  return (
    <>
      <PageHeader title="Account" subtitle="Your name, how you sign in, and how the pages look to you." />
      <Stack maw={680}>
        <PersonCard />
        <AppearanceCard />
        <PasswordCard />
        <SessionCard />
      </Stack>
    </>
  );
}
