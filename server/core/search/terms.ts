/**
 * The terms of a text: the words by which it is found, whatever their case and accents.
 *
 * A query is answered by beginnings: a message is found if each term of the query is the beginning of one of its terms.
 * Chinese, Japanese and Korean have no spaces between words, or endings that grow onto them. There, each place of a run
 * begins a term of up to three characters, so that any part of the run is found.
 *
 * @module
 */

/** Longest term, code points: a longer word is found by its beginning, and an index stays small. */
const TERM_LENGTH = 64;
/** Characters of a term of Chinese, Japanese or Korean. */
const GRAM_LENGTH = 3;

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORDS = /[a-z0-9]+/g;
/** Accents and vowel points; no vowel signs (of Devanagari, say), which are letters of their words. */
const ACCENTS = "[\\p{M}&&[\\p{Script=Inherited}\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Cyrillic}]]";
/**
 * Dropped before words are cut: accents, and characters that nobody sees. Kept are the voicing marks of Japanese, which
 * make another letter, and the space of no width, which parts words.
 */
const DROPPED = new RegExp(`[[${ACCENTS}\\p{Default_Ignorable_Code_Point}]--[\\u3099\\u309a\\u200b]]`, "gv");
const CJK_LETTER = "[[\\p{L}\\p{N}\\p{M}]&&[\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Hangul}]]";
/** Runs of one kind: of Chinese, Japanese and Korean, named `cjk`, or of other letters and digits. */
const RUNS = new RegExp(`(?<cjk>${CJK_LETTER}+)|[[\\p{L}\\p{N}\\p{M}]--${CJK_LETTER}]+`, "gv");

/** The terms of a message, each once. Their number is at most that of the characters, their length is bounded. */
export function messageTerms(content: string): readonly string[] {
  return [...new Set(repeatedTerms(content))];
}

/** The same, each as often as it is there: an index sees repetitions anyway. */
export function repeatedTerms(content: string): readonly string[] {
  return termsOf(content, gramsOfMessage);
}

/** The terms of a query, each once; none if `words` has neither letter nor digit. Each begins a term of the messages. */
export function queryTerms(words: string): readonly string[] {
  return [...new Set(termsOf(words, gramsOfQuery))];
}

function termsOf(text: string, grams: (run: readonly string[]) => readonly string[]): readonly string[] {
  if (ASCII.test(text)) return text.toLowerCase().match(ASCII_WORDS)?.map(shortened) ?? [];
  const terms: string[] = [];
  for (const match of folded(text).matchAll(RUNS)) {
    const cjk = match.groups?.["cjk"];
    if (cjk === undefined) terms.push(shortened(match[0]));
    // Composed again: the parts of a Korean syllable are no characters for those who read it.
    else terms.push(...grams([...cjk.normalize("NFC")]));
  }
  return terms;
}

/** The text in the form that all its spellings share. Lower case alone would leave "ß" and "SS" apart. */
function folded(text: string): string {
  const letters = text.normalize("NFKD").replace(DROPPED, "");
  // A sigma at the end of a word is written differently, and the end of a query is not the end of a word.
  return letters.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

function shortened(word: string): string {
  return word.length <= TERM_LENGTH ? word : [...word].slice(0, TERM_LENGTH).join("");
}

/** At each place the characters that follow: an end shorter than a whole term is searched for too. */
function gramsOfMessage(run: readonly string[]): readonly string[] {
  return run.map((_, at) => run.slice(at, at + GRAM_LENGTH).join(""));
}

function gramsOfQuery(run: readonly string[]): readonly string[] {
  return gramsOfMessage(run).slice(0, Math.max(1, run.length - GRAM_LENGTH + 1));
}
