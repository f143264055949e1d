import { createTheme, type MantineColorsTuple, type MenuProps, type ModalProps, type SelectProps } from "@mantine/core";

const cobalt: MantineColorsTuple = [
  "#eef2ff",
  "#dae2fd",
  "#b2c3fa",
  "#88a2f7",
  "#6586f4",
  "#4f74f2",
  "#3d67ec",
  "#2f5bea",
  "#2449c4",
  "#1b399c",
];

/** Mantine's own red, darker from the seventh shade on: small letters in it must be readable on white. */
const red: MantineColorsTuple = [
  "#fff5f5",
  "#ffe3e3",
  "#ffc9c9",
  "#ffa8a8",
  "#ff8787",
  "#ff6b6b",
  "#fa5252",
  "#cc2626",
  "#b52121",
  "#9c1c1c",
];

/** The look of every page: quiet greys, one accent, small radii, dense enough for long lists. */
export const theme = createTheme({
  primaryColor: "cobalt",
  primaryShade: { light: 7, dark: 6 },
  colors: { cobalt, red },
  defaultRadius: "md",
  fontFamily:
    '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace',
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.375rem" }, h2: { fontSize: "1.0625rem" } } },
  cursorType: "pointer",
  autoContrast: true,
  components: {
    // The keyboard begins at the first entry, and not at an unseen place before it, which is no part of a menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } satisfies Partial<MenuProps> },
    // A cross beside the arrow would leave a narrow field no room for its words.
    Select: { defaultProps: { clearSectionMode: "clear" } satisfies Partial<SelectProps> },
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        styles: { title: { fontWeight: 600, fontSize: "1.0625rem" } },
      } satisfies Partial<ModalProps>,
    },
  },
});
