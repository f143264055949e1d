import type { Entry } from "@/features/audit/queries";

/** Who did it. */
export function actorWords({ actor_kind: kind, actor_name: name }: Pick<Entry, "actor_kind" | "actor_name">): string {
  if (kind === "user") return name;
  return kind === name || name === "" ? kind : `${name} (${kind})`;
}

/** The details in one line: the name of the thing first. */
export function detailWords({ details }: Pick<Entry, "details">): string {
  const parts = Object.entries(details ?? {}).map(([key, value]) => [key, valueWords(value)] as const);
  const name = parts.find(([key]) => key === "name");
  const others = parts.filter(([key]) => key !== "name").map(([key, value]) => `${key.replaceAll("_", " ")}: ${value}`);
  return [...(name ? [name[1]] : []), ...others].join(" · ");
}

/** A detail's value as text. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ") || "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
