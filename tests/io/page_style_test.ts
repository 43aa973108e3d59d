import { assert, assertEquals, assertGreater } from "@std/assert";
import { processTest } from "../testing/permissions.ts";

/** Least contrast of a text, and of the edge of a field (WCAG 2.2, 1.4.3 and 1.4.11). */
const TEXT_MIN = 4.5;
const EDGE_MIN = 3;

const GROUNDS = ["ground", "panel", "raised", "chosen", "hover", "theirs"];

/** Colours of texts, each with the grounds that it stands on. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  text: [...GROUNDS, "own", "warn-ground", "alert-ground"],
  soft: GROUNDS,
  accent: ["ground", "panel", "raised", "theirs", "own", "chosen"],
  alert: ["ground", "panel", "raised", "hover", "alert-ground"],
  "own-soft": ["own"],
  "on-accent": ["accent-ground"],
};

/** The named colours of a style sheet, each for light and for dark. */
function coloursOf(css: string): ReadonlyMap<string, readonly [string, string]> {
  const both = css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g);
  const one = css.matchAll(/--([\w-]+): (#\w{6});/g);
  const named = [...both, ...one].map((match) => {
    const [, name = "", light = "", dark = light] = match;
    return [name, [light, dark]] as const;
  });
  return new Map(named);
}

/** Relative luminance, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((index) => {
    const part = parseInt(colour.slice(index, index + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Checks a pair of named colours in both themes; returns the number of pairs. */
function check(colours: ReturnType<typeof coloursOf>, text: string, ground: string, min: number): number {
  const [one, other] = [colours.get(text), colours.get(ground)];
  assert(one !== undefined && other !== undefined, `${text} or ${ground} has no name in the style sheet`);
  for (const index of [0, 1] as const) {
    const ratio = contrast(one[index], other[index]);
    assertGreater(ratio, min, `${text} on ${ground}, ${index === 0 ? "light" : "dark"}: ${ratio.toFixed(2)}`);
  }
  return 2;
}

processTest("texts of the page have a contrast of 4.5, and fields an edge of 3, in both themes", async () => {
  const css = await Deno.readTextFile("client/web/style.css");
  const colours = coloursOf(css);
  let pairs = 0;
  for (const [text, grounds] of Object.entries(TEXTS)) {
    for (const ground of grounds) pairs += check(colours, text, ground, TEXT_MIN);
  }
  for (const ground of ["panel", "raised"]) pairs += check(colours, "edge", ground, EDGE_MIN);
  const avatars = [...css.matchAll(/\.avatar-\d \{\s*background: (#\w{6});/g)].map((match) => match[1] ?? "");
  assertEquals(avatars.length, 8);
  for (const colour of avatars) assertGreater(contrast("#ffffff", colour), TEXT_MIN, colour);
  console.log(`${pairs} pairs of colours and ${avatars.length} avatars have their contrast`);
});

Deno.test("contrast() is that of WCAG", () => {
  assertEquals(contrast("#ffffff", "#000000").toFixed(1), "21.0");
  assertEquals(contrast("#767676", "#ffffff").toFixed(2), "4.54");
});
