import { Button } from "@mantine/core";
import { IconMapOff, type Icon } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { ApiError } from "@/shared/api/errors";
import { EmptyState } from "@/shared/ui/EmptyState";
import { ErrorPanel } from "@/shared/ui/ErrorPanel";

interface Props {
  icon?: Icon;
  title: string;
  text?: string;
  /** Where one can go from here. */
  to?: string;
  label?: string;
}

/** In place of a page that is not there, or not for everybody: says so, and leads on. */
export function Nowhere({
  icon = IconMapOff,
  title,
  text = "It may have been deleted, or the address may be incomplete.",
  to = "/",
  label = "Go to the dashboard",
}: Props) {
  return (
    <EmptyState
      order={1}
      icon={icon}
      title={title}
      text={text}
      action={
        <Button component={Link} to={to}>
          {label}
        </Button>
      }
    />
  );
}

/** In place of the page of one thing that could not be read; where there is no such thing, the list leads on. */
export function UnreadPage({
  error,
  onRetry,
  to,
  label,
}: {
  error: unknown;
  onRetry: () => void;
  to: string;
  label: string;
}) {
  if (error instanceof ApiError && error.status === 404) return <Nowhere title={error.message} to={to} label={label} />;
  return <ErrorPanel error={error} onRetry={onRetry} />;
}
