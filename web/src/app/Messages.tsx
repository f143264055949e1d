import { Notifications } from "@mantine/notifications";

/** Where the short messages appear; those that were given before it was loaded wait for it. */
export function Messages() {
  return <Notifications position="bottom-right" limit={4} />;
}
