import { Anchor, Text } from "@mantine/core";
import { readNumber, writeNumber } from "@/shared/format/numbers";

interface Props {
  text: string;
  /** Takes the text of the number that was chosen. */
  onText: (text: string) => void;
}

/** Under a field: the number that was read, where it was written in another way, and the one it may also mean. */
export function NumberNote({ text, onText }: Props) {
  const reading = readNumber(text);
  if (reading === null || "problem" in reading) return null;
  const choice = (number: number, words: string) => (
    <Anchor
      key={number}
      component="button"
      type="button"
      fz="inherit"
      // The field is not left before the click.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onText(writeNumber(number))}
    >
      {words}
    </Anchor>
  );
  if ("either" in reading) {
    const [one, other] = reading.either;
    return (
      <Text size="xs" c="var(--exekra-bad)" mt={4} role="status">
        Which number do you mean: {choice(one, writeNumber(one))} or {choice(other, writeNumber(other))}?
      </Text>
    );
  }
  const { value, other } = reading;
  if (writeNumber(value) === text.trim()) return null;
  return (
    <Text size="xs" c="var(--exekra-quiet)" mt={4} role="status">
      Read as {writeNumber(value)}. {other !== undefined && choice(other, `Use ${writeNumber(other)} instead`)}
    </Text>
  );
}
