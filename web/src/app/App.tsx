import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { router } from "@/app/router";
import { queryClient } from "@/shared/api/queries";
import { colorSchemeManager } from "@/shared/colorScheme";
import { theme } from "@/shared/theme";
import { ErrorBoundary } from "@/shared/ui/ErrorBoundary";
import { lazyPart } from "@/shared/ui/lazyPart";

const Messages = lazyPart(() => import("@/app/Messages"), "Messages");
const LATER_MILLISECONDS = 1_000;

/** The whole application. */
export function App() {
  return (
    <MantineProvider theme={theme} colorSchemeManager={colorSchemeManager} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ModalsProvider>
          <MessagesLater />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** No page needs them to be shown: they are loaded when it is. */
function MessagesLater() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(true), LATER_MILLISECONDS);
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
