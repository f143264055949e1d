import { expect, test } from "vitest";
import { ago, duration, moment, momentOfWall, setTimeZone, shortDuration, wallClock } from "@/shared/format/time";

test.each([
  [null, "–"],
  [0.0004, "0.4 ms"],
  [0.85, "850 ms"],
  [2.44, "2.4 s"],
  [59.97, "1 min 00 s"],
  [185, "3 min 05 s"],
  [7_800, "2 h 10 min"],
  [200_000, "2 d 7 h"],
])("%s s is %s", (seconds, text) => expect(duration(seconds)).toBe(text));

test.each([
  [0, "0"],
  [0.85, "850 ms"],
  [40, "40 s"],
  [80, "1.3 min"],
  [7_200, "2 h"],
])("%d s is %s in short", (seconds, text) => expect(shortDuration(seconds)).toBe(text));

test("a moment that is not long ago is told by its distance", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  expect(ago("2026-11-20T11:59:58Z", now)).toBe("just now");
  expect(ago("2026-11-20T11:59:00Z", now)).toBe("1 min ago");
  expect(ago("2026-11-18T11:59:00Z", now)).toBe("2 d ago");
});

test("all moments are shown in the chosen time zone, also those that were shown before it was chosen", () => {
  setTimeZone("UTC");
  expect(moment("2026-11-20T23:30:00Z")).toContain("23:30:00");
  setTimeZone("Asia/Tokyo");
  expect(moment("2026-11-20T23:30:00Z")).toContain("08:30:00");
  setTimeZone(undefined);
});

test.each([
  ["UTC", "2026-11-20 23:30:00", "2026-11-20T23:30:00.000Z"],
  ["Asia/Tokyo", "2026-11-21 08:30:00", "2026-11-20T23:30:00.000Z"],
  ["Europe/Berlin", "2026-07-01 00:00:00", "2026-06-30T22:00:00.000Z"],
  ["Europe/Berlin", "2026-03-29 04:00:00", "2026-03-29T02:00:00.000Z"],
  ["America/New_York", "2026-11-01 12:00:00", "2026-11-01T17:00:00.000Z"],
])("in %s clocks show %s at %s", (zone, wall, at) => {
  setTimeZone(zone);
  expect(momentOfWall(wall).toISOString()).toBe(at);
  expect(wallClock(at)).toBe(wall);
  setTimeZone(undefined);
});
