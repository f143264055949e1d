/** The address to go to after the sign-in: only one of this Hub's own, never another site's. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}
