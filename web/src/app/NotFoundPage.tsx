import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { EmptyState } from "@/shared/ui/EmptyState";

/** For an address that leads nowhere. */
export function NotFoundPage() {
  return (
    <EmptyState
      order={1}
      icon={IconMapOff}
      title="There is nothing at this address"
      text="It may have been removed, or the address was shortened when it was copied."
      action={
        <Button component={Link} to="/">
          Go to the dashboard
        </Button>
      }
    />
  );
}
