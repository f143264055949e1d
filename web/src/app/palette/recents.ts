/** What was chosen in the palette lately, for one user of this browser. */
export interface Recent {
  href: string;
  label: string;
  kind: "workflow" | "execution" | "runner" | "user";
}

const MOST = 6;
const nameOf = (user: string) => `exekra-palette-${user}`;

/** The newest first; empty where the browser keeps nothing. */
export function readRecents(user: string): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(user)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRecent).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Puts one in front. */
export function remember(user: string, recent: Recent): void {
  const others = readRecents(user).filter(({ href }) => href !== recent.href);
  try {
    localStorage.setItem(nameOf(user), JSON.stringify([recent, ...others].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing has no recent entries.
  }
}

function isRecent(value: unknown): value is Recent {
  const { href, label, kind } = (value ?? {}) as Partial<Recent>;
  return typeof href === "string" && href.startsWith("/") && typeof label === "string" && typeof kind === "string";
}
