import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { closestName, didYouMean, editDistance } from "../../../common/suggestion.ts";
import { VERSION } from "../../../common/version.ts";

Deno.test("editDistance() counts inserted, missing, replaced and swapped letters", () => {
  const cases: [string, string, number][] = [
    ["", "", 0],
    ["", "abc", 3],
    ["port", "port", 0],
    ["prt", "port", 1],
    ["porrt", "port", 1],
    ["pork", "port", 1],
    ["prot", "port", 1],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
  ];
  for (const [one, other, distance] of cases) {
    assertEquals(editDistance(one, other), distance, `${one} ${other}`);
  }
});

Deno.test("editDistance() is the same both ways and nothing only between equals", () => {
  const short = fc.string({ maxLength: 8 });
  fc.assert(fc.property(short, short, (one, other) => {
    const distance = editDistance(one, other);
    return distance === editDistance(other, one) && (distance === 0) === (one === other);
  }));
  console.log("100 pairs of texts");
});

Deno.test("closestName() finds what was meant, whatever the case, and nothing where nothing is close", () => {
  const names = ["port", "host", "messagesPage", "messagesPageMax"];
  assertEquals(closestName("prot", names), "port");
  assertEquals(closestName("PORT", names), "port");
  assertEquals(closestName("messagePage", names), "messagesPage");
  assertEquals(closestName("certificate", names), undefined);
  assertEquals(closestName("x", names), undefined);
  assertEquals(closestName("port", []), undefined);
});

Deno.test("didYouMean() is the end of a sentence, or empty", () => {
  assertEquals(didYouMean("hots", ["host"]), '; did you mean "host"?');
  assertEquals(didYouMean("certificate", ["host"]), "");
});

Deno.test("VERSION is three numbers", () => {
  assertEquals(/^\d+\.\d+\.\d+$/.test(VERSION), true);
});
