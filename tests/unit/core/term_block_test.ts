import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import {
  BLOCK_MESSAGES,
  matchesInBlock,
  matchesTerms,
  termBlock,
} from "../../../server/core/search/term_block.ts";
import { messageTerms, queryTerms } from "../../../server/core/search/terms.ts";

const WORDS = [
  "lunch",
  "lunches",
  "Übung",
  "u",
  "x86",
  "straße",
  "東京大学",
  "東",
  "한국어",
  "ελλάς",
  "\n",
  "\t",
  "🎉",
  "𠮷野家",
];
const content = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((words) => words.join(" "));
const query = fc.array(fc.tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 3,
}).map((parts) => parts.map(([word, length]) => [...word].slice(0, length).join("")).join(" "));

Deno.test("matchesInBlock() finds the messages that matchesTerms() finds", () => {
  const runs = 1_000;
  const seen = { messages: 0, matches: 0, blocksOfMore: 0 };
  fc.assert(
    fc.property(fc.array(content, { maxLength: BLOCK_MESSAGES, size: "max" }), query, (contents, words) => {
      const terms = queryTerms(words);
      if (terms.length === 0) return;
      const expected = contents.flatMap((each, i) => matchesTerms(each, terms) ? [i] : []);
      assertEquals(matchesInBlock(termBlock(contents), terms).sort((a, b) => a - b), expected);
      seen.messages += contents.length;
      seen.matches += expected.length;
      seen.blocksOfMore += Number(contents.length > 200);
    }),
    { numRuns: runs, seed: 4 },
  );
  console.log(`${runs} blocks: ${JSON.stringify(seen)}`);
  for (const count of Object.values(seen)) assertGreater(count, runs / 20);
});

Deno.test("messageTerms() has no character that parts the lines of a block, of all that there are", () => {
  let terms = 0;
  for (let first = 0; first <= 0x10ffff; first += 64) {
    const characters = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(first + i))
      .filter((character) => character.isWellFormed());
    for (const term of messageTerms(characters.join(" x "))) {
      assert([...term].every((letter) => letter >= " "), `${first.toString(16)}: ${JSON.stringify(term)}`);
      assert(term.isWellFormed());
      terms++;
    }
  }
  console.log(`${terms} terms of all characters`);
  assertGreater(terms, 100_000);
});
