import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, dataOf, type Schemas } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";

export type User = Schemas["UserAnswer"];
export type Role = User["role"];

const RANK: Record<Role, number> = { OPERATOR: 0, DEVELOPER: 1, ADMIN: 2 };

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  staleTime: Infinity,
  queryFn: async (): Promise<User | null> => {
    try {
      return (await dataOf(api.GET("/api/session"))).user;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
});

/** The user who is signed in. Only for pages behind the sign-in. */
export function useUser(): User {
  const { data } = useSuspenseQuery(sessionQuery);
  if (data === null) throw new Error("Sign in to see this page.");
  return data;
}

/** Whether the user's role includes `role`: what one may not do is not shown. */
export function includesRole(user: User, role: Role): boolean {
  return RANK[user.role] >= RANK[role];
}

/** Whether the user who is signed in may do what needs `role`. */
export function useMay(role: Role): boolean {
  return includesRole(useUser(), role);
}
