import { assert, assertEquals, fail } from "@std/assert";
import fc from "fast-check";
import { messageTerms, queryTerms } from "../../../server/core/search/terms.ts";

const RUNS = 2_000;
const LETTERS = [
  ..."abcxyzABCXYZ0189",
  ..."äöüßẞéèñçåøłœÆİıſ",
  ..."ΑΣασςάϊΰЁёйЙъ",
  ..."אבג",
  "ש\u05c1",
  ..."ابت",
  "م\u064f",
  "कि",
  "नी",
  "ด้",
  "e\u0301",
  "o\u0308\u0304",
  "ﬁ",
  "ŉ",
  "①",
  "𝒜",
  "ა",
  "Ა",
];
const CJK = [..."漢字東京大学入門書かがぱッーアパ한국어공부하다々", "ﾊﾟ", "か\u3099", "𠮷"];
const SEPARATORS = [" ", "\n", ", ", " - ", "'", "_", "\u200b", "🎉", "。", "・"];

const letter = fc.constantFrom(...LETTERS);
const cjk = fc.constantFrom(...CJK);
/** A word as the characters that a person would type one by one. */
const word = fc.array(letter, { minLength: 1, maxLength: 80 });
const run = fc.array(cjk, { minLength: 1, maxLength: 12 });
const text = fc.array(
  fc.tuple(fc.oneof(word, run).map((characters) => characters.join("")), fc.constantFrom(...SEPARATORS)),
  { maxLength: 6 },
).map((parts) => parts.flat().join(""));

/** The rule of every archive: each term of the query begins a term of the message. */
function isFound(content: string, words: string): boolean {
  const terms = messageTerms(content);
  return queryTerms(words).every((wanted) => terms.some((term) => term.startsWith(wanted)));
}

function variants(words: string): readonly string[] {
  return [
    words,
    words.toUpperCase(),
    words.toLowerCase(),
    words.normalize("NFC"),
    words.normalize("NFD"),
    words.normalize("NFKD").replace(/[\u0300-\u036f]/g, ""),
  ];
}

Deno.test("messageTerms() and queryTerms() find a message by each beginning of its words, however it is written", () => {
  let searches = 0;
  fc.assert(
    fc.property(text, word, text, fc.nat(), (before, characters, after, length) => {
      const content = `${before} ${characters.join("")} ${after}`;
      const beginning = characters.slice(0, 1 + length % characters.length).join("");
      for (const words of variants(beginning)) {
        assert(isFound(content, words), `${JSON.stringify(words)} in ${JSON.stringify(content)}`);
        assert(queryTerms(words).length > 0);
        searches++;
      }
    }),
    { numRuns: RUNS },
  );
  console.log(`${searches} beginnings of words searched for`);
});

Deno.test("messageTerms() and queryTerms() find a message by each part of its Chinese, Japanese and Korean", () => {
  let searches = 0;
  fc.assert(
    fc.property(text, run, text, fc.nat(), fc.nat(), (before, characters, after, first, length) => {
      const content = `${before}${characters.join("")}${after}`;
      const at = first % characters.length;
      const part = characters.slice(at, at + 1 + length % (characters.length - at)).join("");
      assert(isFound(content, part), `${JSON.stringify(part)} in ${JSON.stringify(content)}`);
      assert(queryTerms(part).length > 0);
      searches++;
    }),
    { numRuns: RUNS },
  );
  console.log(`${searches} parts searched for`);
});

Deno.test("messageTerms() finds a message by itself, and its terms are distinct, bounded and always the same", () => {
  let terms = 0;
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 })), (content) => {
      const found = messageTerms(content);
      assertEquals(new Set(found).size, found.length);
      assertEquals(messageTerms(content), found);
      for (const term of found) assert(term !== "" && [...term].length <= 64);
      assert(isFound(content, content));
      terms += found.length;
    }),
    { numRuns: RUNS },
  );
  console.log(`${terms} terms`);
});

Deno.test("messageTerms() folds each character of Unicode once and for all, in both cases", () => {
  let characters = 0;
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    const terms = messageTerms(character);
    if (terms.length === 0) continue;
    for (const term of terms) if (messageTerms(term)[0] !== term) fail(`U+${code.toString(16)}`);
    const spellings = [character.toLowerCase()];
    // The iota below a Greek letter is an accent; in upper case it is written beside it.
    if (!character.normalize("NFD").includes("\u0345")) spellings.push(character.toUpperCase());
    for (const spelling of spellings) {
      if (messageTerms(spelling).join(" ") !== terms.join(" ")) fail(`U+${code.toString(16)} as ${spelling}`);
    }
    characters++;
  }
  assert(characters > 100_000);
  console.log(`${characters} letters and digits`);
});

Deno.test("messageTerms() and queryTerms() know words, and runs without spaces", () => {
  const cases: readonly [text: string, message: readonly string[], query?: readonly string[]][] = [
    ["", []],
    ["🎉 -- '; * \" NEAR(", ["near"]],
    ["Hello, hello WORLD!", ["hello", "world"]],
    ["a OR b* NEAR(", ["a", "or", "b", "near"]],
    ["Crème brûlée don't 3.14", ["creme", "brulee", "don", "t", "3", "14"]],
    ["Straße STRASSE ẞ", ["strasse", "ss"]],
    ["İstanbul Isparta ısparta", ["istanbul", "isparta"]],
    ["ΟΔΥΣΣΕΥΣ Οδυσσεύς", ["οδυσσευσ"]],
    ["soft\u00adhyphen", ["softhyphen"]],
    ["no\u200bwidth", ["no", "width"]],
    ["हिन्दी", ["हिन्दी"]],
    ["Deno入門書です", ["deno", "入門書", "門書で", "書です", "です", "す"], [
      "deno",
      "入門書",
      "門書で",
      "書です",
    ]],
    ["東京", ["東京", "京"], ["東京"]],
    ["京", ["京"]],
    ["がか", ["がか", "か"], ["がか"]],
    ["한국어 공부", ["한국어", "국어", "어", "공부", "부"], ["한국어", "공부"]],
  ];
  for (const [text, message, query] of cases) {
    assertEquals(messageTerms(text), message);
    assertEquals(queryTerms(text), query ?? message);
  }
  console.log(`${cases.length} texts`);
});

Deno.test("queryTerms() finds a word of any length by its beginning", () => {
  const long = "x".repeat(100);
  assertEquals(messageTerms(long), ["x".repeat(64)]);
  assertEquals(queryTerms(long), ["x".repeat(64)]);
  assertEquals(messageTerms("𝒜".repeat(100)), ["a".repeat(64)]);
  assert(!isFound("word", "words"));
  assert(!isFound("keyword", "word"));
});
