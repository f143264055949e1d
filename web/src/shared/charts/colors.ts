/** The colour that a chart draws for one of the theme's, such as `teal` or `gray`, in the present theme. */
export function drawn(color: string, dark: boolean): string {
  return variable(`--mantine-color-${color}-${dark ? 6 : 5}`);
}

/** A CSS variable's value, for what is drawn on a canvas. */
export function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "gray";
}
