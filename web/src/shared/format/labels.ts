const LABEL = /^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,62}$/;

/** Why one of these cannot be a Runner's label; null when all can. */
export function labelsProblem(labels: readonly string[]): string | null {
  const wrong = labels.find((label) => !LABEL.test(label));
  if (wrong === undefined) return null;
  const shown = wrong.length > 40 ? `${wrong.slice(0, 40)}…` : wrong;
  return `“${shown}” is not a valid label: use up to 63 letters, digits and the characters . _ : / -, beginning with a letter or a digit.`;
}
