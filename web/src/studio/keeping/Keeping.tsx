import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { ConflictDialog } from "@/studio/keeping/ConflictDialog";
import { DraftOffer } from "@/studio/keeping/DraftOffer";
import { LeaveGuard } from "@/studio/keeping/LeaveGuard";
import { useKeptDraft } from "@/studio/keeping/useKeptDraft";

/** All that keeps work from being lost: drafts, conflicts, leaving by mistake. */
export function Keeping() {
  useKeptDraft();
  return (
    <>
      <ErrorBoundary what="Unsaved changes">
        <DraftOffer />
      </ErrorBoundary>
      <ConflictDialog />
      <LeaveGuard />
    </>
  );
}
