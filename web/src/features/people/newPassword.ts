const LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUPS = 4;
const GROUP_LENGTH = 4;

/** A random password of 16 characters that can be read out, in groups: `h4Tm-9kQz-...`. */
export function newPassword(): string {
  const numbers = new Uint32Array(GROUPS * GROUP_LENGTH);
  crypto.getRandomValues(numbers);
  const letters = Array.from(numbers, (number) => LETTERS[number % LETTERS.length]);
  return Array.from({ length: GROUPS }, (_, group) =>
    letters.slice(group * GROUP_LENGTH, (group + 1) * GROUP_LENGTH).join(""),
  ).join("-");
}
