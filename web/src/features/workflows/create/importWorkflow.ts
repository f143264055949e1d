import { refusalOf, type Schemas } from "@/shared/api/client";
import { HubAwayError } from "@/shared/api/errors";

/** Sends a file, or a text, as it is: the Hub says what is wrong with it. Throws what it refuses. */
export async function importWorkflow(source: File | string, name: string): Promise<Schemas["SavedAnswer"]> {
  const query = name.trim() === "" ? "" : `?name=${encodeURIComponent(name.trim())}`;
  const isZip = typeof source !== "string" && source.name.toLowerCase().endsWith(".zip");
  const type = isZip ? "application/zip" : "application/yaml";
  const request = { method: "POST", headers: { "Content-Type": type }, body: source };
  const response = await fetch(`/api/workflows/import${query}`, request).catch(() => {
    throw new HubAwayError();
  });
  if (!response.ok) throw await refusalOf(response);
  return (await response.json()) as Schemas["SavedAnswer"];
}
