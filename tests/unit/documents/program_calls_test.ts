import { assertEquals } from "@std/assert";
import { readMarkdown } from "../../documents/markdown.ts";
import {
  codeSpans,
  commandsNamed,
  flagsNamed,
  programCalls,
  tasksNamed,
} from "../../documents/program_calls.ts";

function callsIn(text: string): string[][] {
  return programCalls(readMarkdown(text)).map(({ program, args }) => [program, ...args]);
}

const CASES: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ["deno task server status --json", [["server", "status", "--json"]]],
  ["echo hi | deno task client send bob -", [["client", "send", "bob", "-"]]],
  ["npx -y deno@2.9.6 task client", [["client"]]],
  ["./chat-server\n./chat-client -n 5", [["server"], ["client", "-n", "5"]]],
  ["sudo NO_COLOR=1 /usr/local/bin/chat-server check", [["server", "check"]]],
  ["sudo -u chat-server chat-server log repair --data=x", [["server", "log", "repair", "--data=x"]]],
  ["until sudo chat-server status | grep sync; do sleep 1; done", [["server", "status"]]],
  ["if ! chat-server check; then chat-server init; fi", [["server", "check"], ["server", "init"]]],
  ["echo 'FLAGS=--node=node1 --port=0' | sudo tee flags", [["server", "--node=node1", "--port=0"]]],
  ["./chat-server-1.0.0-x86_64-unknown-linux-gnu --version", [["server", "--version"]]],
  ["chmod +x chat-server; cp chat-client /usr/bin\ndeno task test\ndeno --version\nchat-servers x\nA=1", []],
];

Deno.test("programCalls() finds the calls in shell blocks", () => {
  for (const [text, calls] of CASES) {
    assertEquals(callsIn(`\`\`\`sh runnable in=project\n${text}\n\`\`\``), calls as string[][], text);
    assertEquals(callsIn(`\`\`\`text\n${text}\n\`\`\``), [], text);
  }
});

Deno.test("programCalls() finds whole command lines between backticks", () => {
  const text =
    "| `deno task server log show --node=node1` | `./chat-client --json` | `chat-server log repair` | `--x` |";
  assertEquals(callsIn(text), [["server", "log", "show", "--node=node1"], ["client", "--json"]]);
});

Deno.test("programCalls() finds calls without a folder or behind other words between backticks", () => {
  const text =
    "`chat-server log repair --data=x` `chat-client --json send bob` `if chat-server -h` `chat-client`";
  assertEquals(callsIn(text), [
    ["server", "log", "repair", "--data=x"],
    ["client", "--json", "send", "bob"],
    ["server", "-h"],
  ]);
});

Deno.test("commandsNamed() names what stands behind the bare server between backticks", () => {
  const text =
    "`chat-server log repair` `chat-server imprt` `chat-server` `chat-server check --help` chat-server no";
  assertEquals(commandsNamed(readMarkdown(text)), ["log repair", "imprt"]);
});

Deno.test("programCalls() finds what is called as another user, and the flags of the service", () => {
  const text = "| `sudo -u ann chat-server log verify --data=x` | `FLAGS=--log-level=debug` |";
  assertEquals(callsIn(text), [["server", "log", "verify", "--data=x"], ["server", "--log-level=debug"]]);
});

Deno.test("flagsNamed() names every flag between backticks", () => {
  const text =
    "Say `--wait delivered`, `--data=FOLDER`, `--allow-net --allow-read` or `x --y-z`, not `a--b`, --plain.";
  assertEquals(flagsNamed(readMarkdown(text)), ["wait", "data", "allow-net", "allow-read", "y-z"]);
});

Deno.test("tasksNamed() names every task once", () => {
  const text =
    "Say `deno task test:pure`, `deno\ntask ok`, `npx -y deno@2.9.6 task ok`.\n```sh\ndeno task soak -x\n```\n";
  assertEquals(tasksNamed(readMarkdown(text)), ["soak", "test:pure", "ok"]);
});

Deno.test("codeSpans() ends a span at its own backticks, and never beyond a paragraph", () => {
  assertEquals(codeSpans("`a b` ``c`d`` `e\nf` `g\n\nh`i`"), ["a b", "c`d", "e f", "i"]);
});
