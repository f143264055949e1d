import { IconLock } from "@tabler/icons-react";
import type { LazyPage } from "@/shared/routing/lazyPage";
import { useMay } from "@/shared/session/session";
import { Nowhere } from "@/shared/ui/Nowhere";

/** The page of a route that administrators only may see; others are told so at its address. */
export function forAdministrators(Page: LazyPage): LazyPage {
  function Guarded() {
    if (useMay("ADMIN")) return <Page />;
    return (
      <Nowhere
        icon={IconLock}
        title="This page is for administrators"
        text="Ask an administrator if you need access."
      />
    );
  }
  return Object.assign(Guarded, { preload: Page.preload });
}
