/** Studio. */
export function StudioPage() {
  return null;
}
