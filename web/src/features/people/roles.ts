import type { Role } from "@/shared/session/session";

interface RoleInWords {
  role: Role;
  label: string;
  /** What somebody with it may do. */
  may: string;
}

/** The roles, from the least to the most; each includes the ones before it. */
export const ROLES: readonly RoleInWords[] = [
  { role: "OPERATOR", label: "Operator", may: "Runs published workflows and sees their results." },
  { role: "DEVELOPER", label: "Developer", may: "Also draws, debugs, publishes and imports workflows." },
  { role: "ADMIN", label: "Administrator", may: "Also manages users and Runners, and reads the audit log." },
];

/** The word for a role. */
export function roleLabel(role: Role): string {
  return ROLES.find((one) => one.role === role)?.label ?? role;
}
