import { linkOptions } from "@tanstack/react-router";

/** The page of a Runner. */
export const runnerPage = (runnerId: string) => linkOptions({ to: "/runners/$runnerId", params: { runnerId } });
