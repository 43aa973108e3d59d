import { assertEquals } from "@std/assert";
import { formatsFor, localeOf } from "../../../../client/web/texts/formats.ts";
import { count, counted } from "../../../../client/web/texts/plurals.ts";

const DAY = 86_400;
/** Monday, 20 November 2023, 17:06:40 in UTC. */
const NOW = 1_700_500_000;
const { time, full, day, brief, dayKey, iso } = formatsFor("en-GB", "UTC");

Deno.test("formatsFor() shows times as people read them", () => {
  const shown = [
    [time(NOW), "17:06"],
    [full(NOW), "Monday 20 November 2023 at 17:06:40"],
    [iso(NOW), "2023-11-20T17:06:40.000Z"],
    [day(NOW - 60, NOW), "Today"],
    [day(NOW - DAY, NOW), "Yesterday"],
    [day(NOW - 2 * DAY, NOW), "Saturday 18 November"],
    [day(NOW - 400 * DAY, NOW), "Sunday 16 October 2022"],
    [brief(NOW - 60, NOW), "17:05"],
    [brief(NOW - DAY, NOW), "Yesterday"],
    [brief(NOW - 2 * DAY, NOW), "Sat"],
    [brief(NOW - 30 * DAY, NOW), "21 Oct"],
    [brief(NOW + 3 * DAY, NOW), "23 Nov"],
    [brief(NOW - 400 * DAY, NOW), "16 Oct 2022"],
  ] as const;
  // Where a locale puts commas, and the word before a time, is the business of its authors.
  const plain = (text: string): string => text.replaceAll(",", "");
  for (const [is, wanted] of shown) assertEquals(plain(is), wanted);
  console.log(`${shown.length} times shown`);
});

Deno.test("formatsFor() changes days at midnight of the person's place", () => {
  const midnight = Date.UTC(2023, 10, 20) / 1_000;
  assertEquals(dayKey(midnight - 1) === dayKey(midnight), false);
  assertEquals(dayKey(midnight) === dayKey(midnight + DAY - 1), true);
  const tokyo = formatsFor("en-GB", "Asia/Tokyo");
  assertEquals(tokyo.dayKey(midnight - 1) === tokyo.dayKey(midnight), true);
});

Deno.test("formatsFor() takes any number that a node may tell", () => {
  for (const strange of [NaN, Infinity, -Infinity, 1e300, -1e300]) {
    assertEquals([time(strange), full(strange), iso(strange)], ["?", "?", ""]);
    assertEquals(day(strange, NOW), "?");
    assertEquals(brief(strange, NOW), "?");
  }
});

Deno.test("localeOf() takes the first locale of the person in the language of the texts", () => {
  assertEquals(localeOf(["de-DE", "en-US", "en"]), "en-US");
  assertEquals(localeOf(["de"]), "en-GB");
  assertEquals(localeOf(["en-x\u0000", "english"]), "en-GB");
  assertEquals(localeOf([]), "en-GB");
});

Deno.test("counted() has the noun of the number", () => {
  assertEquals(counted(1, "message", "messages"), "1 message");
  assertEquals(counted(0, "message", "messages"), "0 messages");
  assertEquals(counted(1_204, "message", "messages"), "1,204 messages");
  assertEquals(count(1_000_000), "1,000,000");
});
