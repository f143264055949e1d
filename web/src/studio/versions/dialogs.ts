import { create } from "zustand";

export type VersionDialog = "publish" | "versions" | "import";

/** Which dialog about versions is open on the page. */
export const useVersionDialog = create<{ readonly open: VersionDialog | null }>(() => ({ open: null }));

export function openVersionDialog(open: VersionDialog | null): void {
  useVersionDialog.setState({ open });
}
