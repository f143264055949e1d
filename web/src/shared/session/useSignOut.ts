import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { api } from "@/shared/api/client";
import { toldError } from "@/shared/ui/told";

/** Ends the session and leads to the sign-in. */
export function useSignOut(): () => void {
  const router = useRouter();
  const queries = useQueryClient();
  const signOut = async () => {
    await api.DELETE("/api/session");
    queries.clear();
    await router.navigate({ to: "/sign-in" });
  };
  return () => void signOut().catch(toldError);
}
