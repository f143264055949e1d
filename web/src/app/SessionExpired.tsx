import { useEffect, useState } from "react";
import { onSessionExpired } from "@/shared/api/client";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

// Dialogs and forms are no part of what the first page needs.
const SignInAgain = lazyPart(() => import("@/app/SignInAgain"), "SignInAgain");

/** When the session ends while somebody works: signs in again above the page, which keeps all that it holds. */
export function SessionExpired() {
  const [expired, setExpired] = useState(false);
  useEffect(() => onSessionExpired(() => setExpired(true)), []);
  return (
    expired && (
      <ErrorBoundary what="The sign-in">
        <SignInAgain onDone={() => setExpired(false)} />
      </ErrorBoundary>
    )
  );
}
