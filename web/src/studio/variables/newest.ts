import { createStore } from "zustand/vanilla";
import type { Section } from "@/studio/variables/declarations";

/** What was declared a moment ago: its name takes the focus when it is drawn. */
export const newest = createStore<{ declared: { section: Section; name: string } | null }>(() => ({ declared: null }));
