let chosen: string | undefined;

/** The language tag, such as `de-AT`, by which people write numbers and dates; undefined is the browser's own. */
export function setLocale(tag: string | undefined): void {
  chosen = tag;
}

/** The language tag by which people write numbers and dates. */
export function locale(): string {
  return chosen ?? (typeof navigator === "undefined" ? "en" : navigator.language);
}
