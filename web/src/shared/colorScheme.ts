import { localStorageColorSchemeManager } from "@mantine/core";

/** Remembers the theme in this browser; `public/theme.js` reads the same key before anything is drawn. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: "exekra-theme" });
