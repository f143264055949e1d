import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@/shared/theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { fetchOpenedPage } from "@/app/router";
import { watchStyles } from "@/shared/api/styleSheets";

const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element for the application.");
watchStyles();
fetchOpenedPage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
