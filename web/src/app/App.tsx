import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { router } from "@/app/router";
import { queryClient } from "@/shared/api/queries";
import { colorSchemeManager } from "@/shared/colorScheme";
import { theme } from "@/shared/theme";
import { forgetDialogs, useDialogs } from "@/shared/ui/dialogs";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Messages = lazyPart(() => import("@/app/Messages"), "Messages");
const Dialogs = lazyPart(() => import("@/app/Dialogs"), "Dialogs");
const LATER_MILLISECONDS = 1_000;

/** The whole application. */
export function App() {
  return (
    <MantineProvider theme={theme} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <MessagesLater />
        <RouterProvider router={router} />
        <DialogsWhenOpened />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** No page needs them to be shown: they are loaded when it is. */
function MessagesLater() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setWanted(true);
      void Dialogs.preload();
    }, LATER_MILLISECONDS);
    return () => clearTimeout(timer);
  }, []);
  return (
    wanted && (
      <ErrorBoundary what="What shows messages" onClose={() => setWanted(false)}>
        <Messages />
      </ErrorBoundary>
    )
  );
}

function DialogsWhenOpened() {
  const dialogs = useDialogs();
  return (
    dialogs.length > 0 && (
      <ErrorBoundary what="The dialog" onClose={forgetDialogs}>
        <Dialogs />
      </ErrorBoundary>
    )
  );
}
