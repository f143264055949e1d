import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Card } from "@/features/account/Card";
import { api, dataOf } from "@/shared/api/client";
import { moment } from "@/shared/format/time";
import { useUser } from "@/shared/session/session";
import { useSignOut } from "@/shared/session/useSignOut";

/** How long one stays signed in here, and the way out. */
export function SessionCard() {
  const user = useUser();
  const signOut = useSignOut();
  const session = useQuery({
    queryKey: ["session-ends"],
    queryFn: ({ signal }) => dataOf(api.GET("/api/session", { signal })),
  });
  return (
    <Card title="Session">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">
          {user.signed_in_at && `Signed in ${moment(user.signed_in_at)}. `}
          {session.data && `This session ends ${moment(session.data.expires_at)}. `}
          To end your sessions on other machines, change your password.
        </Text>
        <Button variant="default" onClick={signOut} style={{ flex: "none" }}>
          Sign out
        </Button>
      </Group>
    </Card>
  );
}
