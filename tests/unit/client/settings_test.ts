import { assertEquals, assertStringIncludes } from "@std/assert";
import { FLAGS, MODES } from "../../../client/terminal/flags/flags.ts";
import { parseDuration, parseTime } from "../../../client/terminal/flags/times.ts";
import { readSettings, type Settings } from "../../../client/terminal/flags/settings.ts";
import { usageText } from "../../../client/terminal/flags/usage.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);

function settings(...args: string[]): Settings {
  const start = readSettings(args, NOW_MS);
  if ("settings" in start) return start.settings;
  throw new Error(JSON.stringify(start));
}

function problem(...args: string[]): string {
  const start = readSettings(args, NOW_MS);
  return "problem" in start ? start.problem : `no problem: ${JSON.stringify(start)}`;
}

Deno.test("readSettings() takes flags anywhere", () => {
  const line = "--json send --user alice bob - --wait=delivered --timeout 500ms --server a:1,b:2";
  const read = settings(...line.split(" "));
  assertEquals([read.mode, read.user, read.words, read.json], ["send", "alice", ["bob", "-"], true]);
  assertEquals([read.wait, read.timeoutMs], ["delivered", 500]);
  assertEquals(read.places, [{ host: "a", port: 1 }, { host: "b", port: 2 }]);
});

Deno.test("readSettings() has a default for everything", () => {
  const read = settings();
  assertEquals([read.mode, read.wait, read.timeoutMs, read.count, read.tls], [
    "chat",
    "stored",
    10_000,
    20,
    false,
  ]);
});

Deno.test("readSettings() exports as JSON, whatever the flags", () => {
  assertEquals([settings("export").json, settings("export", "--json").json, settings("tail").json], [
    true,
    true,
    false,
  ]);
});

Deno.test("readSettings() takes nothing after -- for a flag", () => {
  assertEquals(settings("send", "bob", "--", "--json", "-x").words, ["bob", "--json", "-x"]);
});

Deno.test("readSettings() shows help and version of every subcommand", () => {
  for (const mode of MODES) {
    const args = mode === "chat" ? [] : [mode];
    assertEquals(readSettings([...args, "--help"], NOW_MS), { show: "help", mode });
    assertEquals(readSettings([...args, "--version"], NOW_MS), { show: "version", mode });
    assertEquals(readSettings(["-h", ...args], NOW_MS), { show: "help", mode });
  }
});

Deno.test("readSettings() says what is wrong, and what may have been meant", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["--jsno", 'there is no flag --jsno; did you mean "json"?'],
    ["-x", "there is no flag -x"],
    ["hsitory", 'there is no subcommand hsitory; did you mean "history"?'],
    ["--user", "--user needs a value: --user NAME"],
    ["--json=yes", '--json takes no value, and was given "yes"'],
    ["tail --wait read", "--wait goes with send only"],
    ["send", "to whom?"],
    ["history", "history is of one user"],
    ["run", "run takes one file"],
    ["tail bob", 'tail takes no "bob"'],
    ["export bob", 'export takes no "bob"'],
    ["send bob hi --wait never", '--wait is "never" and must be one of stored, delivered, read'],
    ["--timeout soon", '--timeout is "soon"'],
    ["history bob -n 0", '--count is "0" and must be a number from 1 on, or all'],
    ["history bob -n many", '--count is "many" and must be a number from 1 on, or all'],
    ["history bob --since soon", '--since is "soon" and must be a time'],
    ["history bob --since 2026-11-29T10:00+25:99", '--since is "2026-11-29T10:00+25:99" and must be a time'],
    ["history bob --since 1h --before 2h", "--since 1h is not earlier than --before 2h"],
    ["tail --for 2d", '--for is "2d" and must be a duration up to 24h'],
    ["tail --from=", "--from is empty"],
    ["history bob --from carol", "--from goes with search, tail only"],
    ["search", "which words? usage: search WORDS [--from NAME]"],
    ["search a -n 0", '--count is "0" and must be a number from 1 to 5000'],
    ["search a -n 5001", '--count is "5001" and must be a number from 1 to 5000'],
    ["search a -n all", '--count is "all" and must be a number from 1 to 5000'],
    ["send bob -n 5", "--count goes with history, search, tail only"],
    ["--server a:b", '--server: "a:b" is no host:port'],
    ["--server a --config b", "--server and --config do not go together"],
    ["--ca file", "--ca means nothing without --tls"],
    ["--user=", "--user is empty"],
  ];
  for (const [line, said] of cases) assertStringIncludes(problem(...line.split(" ")), said);
});

Deno.test("parseDuration() reads units", () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["10s", 10_000],
    ["10", 10_000],
    ["250ms", 250],
    ["1.5s", 1_500],
    ["2m", 120_000],
    ["0s", undefined],
    ["-1s", undefined],
    ["25h", undefined],
    ["10 s", undefined],
  ];
  for (const [text, ms] of cases) assertEquals(parseDuration(text), ms, text);
});

Deno.test("readSettings() bounds a history unless a time or the word all takes the bound away", () => {
  const count = (line: string): number => settings(...line.split(" ")).count;
  assertEquals([count("history bob"), count("history bob --before 1h"), count("history bob -n 90000")], [
    20,
    20,
    90_000,
  ]);
  assertEquals([count("history bob -n all"), count("history bob --since 1h"), count("tail")], [
    Infinity,
    Infinity,
    Infinity,
  ]);
});

Deno.test("readSettings() reads a search", () => {
  const { mode, words, from, count } = settings(
    "search",
    "crème",
    "brûlée",
    "--from",
    "bob",
    "-n",
    "5000",
  );
  assertEquals([mode, words, from, count], ["search", ["crème", "brûlée"], "bob", 5_000]);
  assertEquals(settings("search", "a").count, 20);
});

Deno.test("parseTime() reads dates, times with and without a zone, and ages", () => {
  const local = (...parts: readonly [number, number, number, number?, number?]): number =>
    new Date(parts[0], parts[1] - 1, ...parts.slice(2) as [number]).getTime() / 1_000;
  const cases: readonly (readonly [string, number | undefined])[] = [
    ["2h", NOW_MS / 1_000 - 7_200],
    ["7d", NOW_MS / 1_000 - 604_800],
    ["2026-11-22", local(2026, 11, 22)],
    ["2026-11-22T14:05", local(2026, 11, 22, 14, 5)],
    ["2026-11-22 14:05", local(2026, 11, 22, 14, 5)],
    ["2026-11-22T14:05Z", Date.UTC(2026, 10, 22, 14, 5) / 1_000],
    ["2026-11-22T14:05:06.5+02:00", Date.UTC(2026, 10, 22, 12, 5, 6, 500) / 1_000],
    ["2024-02-29", local(2024, 2, 29)],
    ["2026-02-29", undefined],
    ["2026-13-01", undefined],
    ["2026-11-22T25:00", undefined],
    ["14:05", undefined],
    ["7", undefined],
    ["", undefined],
  ];
  for (const [text, time] of cases) assertEquals(parseTime(text, NOW_MS), time, text);
});

Deno.test("usageText() names every flag somewhere", () => {
  const texts = MODES.map(usageText).join("\n");
  for (const flag of Object.keys(FLAGS)) assertStringIncludes(texts, `--${flag}`);
});
