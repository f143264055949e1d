import { del, entries, set } from "idb-keyval";
import type { Flow, Json } from "@/shared/flow/document";
import { writeDocument } from "@/shared/flow/writeDocument";

/** Unsaved changes as this browser keeps them, for a page that is closed before they are saved. */
export interface Draft {
  readonly workflowId: string;
  /** Who made them: nobody else at this browser is offered them. */
  readonly userId: string;
  /** The page that keeps it; two pages may edit the same workflow. */
  readonly page: string;
  readonly basedOn: number;
  readonly at: number;
  readonly document: Readonly<Record<string, Json>>;
}

type Place = Pick<Draft, "workflowId" | "userId">;

const PREFIX = "exekra-draft";
const ANSWER_MILLISECONDS = 150;
const CHANNEL = "exekra-drafts";

/** What tells this page from all others, for as long as it is open. */
export const PAGE = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

/** Keep the flow's unsaved state. */
export async function keepDraft({ workflowId, userId }: Place, flow: Flow, basedOn: number): Promise<void> {
  const draft: Draft = { workflowId, userId, page: PAGE, basedOn, at: Date.now(), document: writeDocument(flow) };
  await set(keyOf(draft, PAGE), draft);
}

/** Forget a draft; this page's own where none is given. */
export async function dropDraft({ workflowId, userId }: Place, page: string = PAGE): Promise<void> {
  await del(keyOf({ workflowId, userId }, page));
}

/** A user's drafts of a workflow that a closed page left behind, the newest first. */
export async function leftDrafts(place: Place): Promise<Draft[]> {
  const all = await entries<string, Draft>();
  const drafts = all.filter(([key]) => String(key).startsWith(keyOf(place, ""))).map(([, draft]) => draft);
  const others = drafts.filter(({ page }) => page !== PAGE);
  if (others.length === 0) return [];
  const open = await openPages();
  return others.filter(({ page }) => !open.has(page)).sort((one, other) => other.at - one.at);
}

/** Answers other pages that ask who is still open. Gives the way to stop. */
export function announcePage(): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === "who") channel.postMessage(PAGE);
  };
  return () => channel.close();
}

function openPages(): Promise<Set<string>> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    const found = new Set<string>();
    channel.onmessage = ({ data }) => {
      if (data !== "who") found.add(String(data));
    };
    channel.postMessage("who");
    setTimeout(() => {
      channel.close();
      resolve(found);
    }, ANSWER_MILLISECONDS);
  });
}

function keyOf({ workflowId, userId }: Place, page: string): string {
  return `${PREFIX}:${userId}:${workflowId}:${page}`;
}
