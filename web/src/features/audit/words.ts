import type { Entry } from "@/features/audit/queries";
import { bytes } from "@/shared/format/bytes";

/** Who did it. */
export function actorWords({ actor_kind: kind, actor_name: name }: Pick<Entry, "actor_kind" | "actor_name">): string {
  if (kind === "user") return name;
  return kind === name || name === "" ? kind : `${name} (${kind})`;
}

/** What it was done to: its name as it is now, or as it was when it is gone; empty where it has none. */
export function thingWords({ resource_name: name, details }: Pick<Entry, "resource_name" | "details">): string {
  const then = details?.name ?? details?.email ?? details?.workflow;
  return name ?? (typeof then === "string" ? then : "");
}

/** The details in one line, without what `thingWords` says. */
export function detailWords(entry: Pick<Entry, "resource_name" | "details">): string {
  const thing = thingWords(entry);
  return Object.entries(entry.details ?? {})
    .filter(([key, value]) => !(["name", "email", "workflow"].includes(key) && value === thing))
    .map(
      ([key, value]) =>
        `${key.replaceAll("_", " ")}: ${key === "size" && typeof value === "number" ? bytes(value) : valueWords(value)}`,
    )
    .join(" · ");
}

/** A detail's value as text. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ") || "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
