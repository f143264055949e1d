import { Loader, Modal } from "@mantine/core";
import { Suspense, useEffect, useState } from "react";
import { onSessionExpired } from "@/shared/api/client";
import { lazyPart } from "@/shared/ui/lazyPart";

// Forms are no part of what the first page needs.
const SignInAgain = lazyPart(() => import("@/app/SignInAgain").then((module) => ({ default: module.SignInAgain })));

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
        <Suspense fallback={<Loader size="sm" aria-label="Loading" />}>
          <SignInAgain onDone={() => setExpired(false)} />
        </Suspense>
      )}
    </Modal>
  );
}
