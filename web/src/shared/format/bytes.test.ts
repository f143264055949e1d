import { expect, test } from "vitest";
import { bytes } from "@/shared/format/bytes";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9960, "10 kB"],
  [999_600, "1.0 MB"],
  [1_234_567_890, "1.2 GB"],
])("%d is %s", (size, text) => expect(bytes(size)).toBe(text));
