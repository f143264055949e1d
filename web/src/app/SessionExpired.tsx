import { Loader, Modal } from "@mantine/core";
import { useEffect, useState } from "react";
import { onSessionExpired } from "@/shared/api/client";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

// Forms are no part of what the first page needs.
const SignInAgain = lazyPart(() => import("@/app/SignInAgain"), "SignInAgain");

/** When the session ends while somebody works: signs in again above the page, which keeps all that it holds. */
export function SessionExpired() {
  const [expired, setExpired] = useState(false);
  useEffect(() => onSessionExpired(() => setExpired(true)), []);
  return (
    <Modal
      opened={expired}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title="Sign in again"
    >
      {expired && (
        <ErrorBoundary waiting={<Loader size="sm" aria-label="Loading" />}>
          <SignInAgain onDone={() => setExpired(false)} />
        </ErrorBoundary>
      )}
    </Modal>
  );
}
