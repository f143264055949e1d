import { Portal } from "@mantine/core";
import { CatchBoundary } from "@tanstack/react-router";
import { type ReactNode, Suspense } from "react";
import { BrokenPart } from "@/shared/ui/BrokenPart";
import classes from "@/shared/ui/ErrorBoundary.module.css";

interface Props {
  /** What a person calls that which is inside, such as `The canvas`. */
  what?: string;
  /** Stands there while what is inside is fetched. */
  waiting?: ReactNode;
  /** When this changes, what is inside is tried again by itself. */
  resetKey?: string | number;
  /** What closes that which is inside, where it has no place of its own: what happened is then said in a corner. */
  onClose?: () => void;
  onError?: () => void;
  children: ReactNode;
}

/** Keeps a failure to the part of the page that it happened in, and says there what happened, with a way to try again. */
export function ErrorBoundary({ what, waiting = null, resetKey = 0, onClose, onError, children }: Props) {
  const broken = (error: unknown, reset: () => void) => {
    if (onClose === undefined) {
      return (
        <div className={classes.inPlace}>
          <BrokenPart what={what} error={error} onRetry={reset} />
        </div>
      );
    }
    const close = () => {
      onClose();
      reset();
    };
    return (
      <Portal>
        <div className={classes.floating}>
          <BrokenPart what={what} error={error} onRetry={reset} onClose={close} />
        </div>
      </Portal>
    );
  };
  return (
    <CatchBoundary
      getResetKey={() => resetKey}
      errorComponent={({ error, reset }) => broken(error, reset)}
      {...(onError && { onCatch: onError })}
    >
      <Suspense fallback={waiting}>{children}</Suspense>
    </CatchBoundary>
  );
}
