import { assertEquals } from "@std/assert";
import { simpleCommands } from "../../documents/shell_commands.ts";

const CASES: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ["", []],
  ["one two", [["one", "two"]]],
  ["one\ntwo", [["one"], ["two"]]],
  ["one \\\n  two", [["one", "two"]]],
  ["a | b && c || d; e & (f)", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]],
  [`echo 'a b' "c \\"d\\" 'e'" f\\ g ''`, [["echo", "a b", `c "d" 'e'`, "f g", ""]]],
  [`--name='a b'"c"d`, [["--name=a bcd"]]],
  ["one # two | three 'four\nfive", [["one"], ["five"]]],
  ["one#two", [["one#two"]]],
  ["one < in >out 2>&1 two >>more", [["one", "two"]]],
  ["one 2 > out", [["one", "2"]]],
  ["cat > file <<'END'\nnot | this\nEND\ntwo", [["cat"], ["two"]]],
  ["jq -c 'select(.a == 1)' data/*/log", [["jq", "-c", "select(.a == 1)", "data/*/log"]]],
  ["x=$(one two) three", [["x=$"], ["one", "two"], ["three"]]],
];

Deno.test("simpleCommands() takes a shell text apart", () => {
  for (const [text, commands] of CASES) assertEquals(simpleCommands(text), commands as string[][], text);
});
