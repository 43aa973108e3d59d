import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { COMMANDS } from "../../../server/cli/commands.ts";
import { INVITATION_COMMANDS } from "../../../server/cli/invitation_commands.ts";
import { PEOPLE_COMMANDS } from "../../../server/cli/people_commands.ts";
import { FLAG_NAMES, flagOf } from "../../../server/cli/flags.ts";
import { parseCommandLine } from "../../../server/cli/parse_command_line.ts";

const RUN = {
  name: "run",
  config: undefined,
  node: undefined,
  data: undefined,
  port: undefined,
  webPort: undefined,
  logLevel: "info",
  insecure: false,
  clusterKey: undefined,
  unprovenPeers: false,
  verify: false,
  alone: false,
};

const PLACE = { config: undefined, node: undefined, data: undefined };
const BACKUP = { name: "backup", ...PLACE, verify: false };
const RESTORE = { name: "restore", ...PLACE, untilMs: undefined };

function parse(line: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(line.split(" ").filter((word) => word !== ""));
}

function helpOf(line: string): string {
  const parsed = parse(line);
  assert(parsed.name === "help", `${line} is ${parsed.name}`);
  return parsed.text;
}

function errorOf(line: string): string {
  const parsed = parse(line);
  assert(parsed.name === "usage error", `${line} is ${parsed.name}`);
  return parsed.message;
}

Deno.test("parseCommandLine() runs the first node, of whatever configuration there is, unless told otherwise", () => {
  assertEquals(parse("") as unknown, RUN);
  assertEquals(parse("run") as unknown, RUN);
});

Deno.test("parseCommandLine() takes values behind a space and behind =", () => {
  const expected = {
    ...RUN,
    node: "node2",
    config: "c.json",
    data: "d",
    port: 0,
    logLevel: "debug",
    insecure: true,
  };
  assertEquals(
    parse("--node node2 --config c.json --data d --port 0 --log-level debug --insecure run") as unknown,
    expected,
  );
  assertEquals(
    parse("run --node=node2 --config=c.json --data=d --port=0 --log-level=debug --insecure") as unknown,
    expected,
  );
});

Deno.test("parseCommandLine() takes another port for the page, or none", () => {
  for (
    const [line, webPort] of [["--web-port 0", 0], ["run --web-port=5090", 5_090], [
      "--no-web",
      "none",
    ]] as const
  ) {
    assertEquals(parse(line) as unknown, { ...RUN, webPort }, line);
  }
  assertStringIncludes(
    errorOf("--web-port 5090 --no-web"),
    "give either --web-port PORT or --no-web, not both",
  );
  assertStringIncludes(errorOf("--web-port 70000"), '--web-port "70000" is not a port');
  assertStringIncludes(errorOf("--no-web=true"), "--no-web takes no value");
  assertStringIncludes(errorOf("check --no-web"), "--no-web does not go with this command, but with run");
});

Deno.test("parseCommandLine() reads every command", () => {
  const cases: [string, unknown][] = [
    ["check --insecure", { name: "check", config: undefined, insecure: true }],
    ["drain --for 90s", { name: "drain", ...PLACE, forMs: 90_000 }],
    ["log-level warn --for 90s", { name: "log-level", ...PLACE, level: "warn", forMs: 90_000 }],
    ["init", { name: "init", config: "cluster_config.json" }],
    ["init --config c.json", { name: "init", config: "c.json" }],
    [
      "log show --node node1 --user alice --type idle --type messageSent --json",
      {
        name: "log show",
        data: "data/node1",
        user: "alice",
        admin: false,
        types: ["idle", "messageSent"],
        json: true,
      },
    ],
    [
      "log show --data d --admin",
      { name: "log show", data: "d", user: undefined, admin: true, types: [], json: false },
    ],
    ["log verify --data d", { name: "log verify", data: "d" }],
    ["log repair --node node1", { name: "log repair", data: "data/node1", acceptLoss: false }],
    ["log repair --accept-loss --data d", { name: "log repair", data: "d", acceptLoss: true }],
    [
      "log repair --as-new-origin --data d",
      { name: "log repair", data: "d", acceptLoss: false, fork: "as-new-origin" },
    ],
    [
      "log repair --keep-origin --node n",
      { name: "log repair", data: "data/n", acceptLoss: false, fork: "keep-origin" },
    ],
    ["status", { name: "status", node: undefined, data: undefined, config: undefined, json: false }],
    [
      "status --node node2 --config c.json --json",
      { name: "status", node: "node2", data: undefined, config: "c.json", json: true },
    ],
    ["backup b", { ...BACKUP, folder: "b" }],
    ["backup --verify b", { ...BACKUP, folder: "b", verify: true }],
    [
      "backup --node=node2 --config=c.json --data=d b",
      { ...BACKUP, folder: "b", node: "node2", config: "c.json", data: "d" },
    ],
    ["restore b", { ...RESTORE, folder: "b" }],
    ["restore --until=1970-01-01T00:00:01Z b", { ...RESTORE, folder: "b", untilMs: 1_000 }],
    ["restore --until 1970-01-01T01:00+01:00 b", { ...RESTORE, folder: "b", untilMs: 0 }],
    ["export alice", {
      name: "export",
      config: undefined,
      node: undefined,
      data: undefined,
      person: "alice",
    }],
    [
      "import --node node1 user_accounts.json node1.json",
      {
        name: "import",
        config: undefined,
        node: "node1",
        data: undefined,
        files: ["user_accounts.json", "node1.json"],
      },
    ],
    [
      "import 007 -- --odd.json 1e3",
      {
        name: "import",
        config: undefined,
        node: undefined,
        data: undefined,
        files: ["007", "--odd.json", "1e3"],
      },
    ],
  ];
  for (const [line, expected] of cases) assertEquals(parse(line) as unknown, expected, line);
  const named = new Set(["run", ...cases.map(([, command]) => (command as { name: string }).name)]);
  const others = Object.keys({ ...PEOPLE_COMMANDS, ...INVITATION_COMMANDS });
  assertEquals(named.size + others.length, COMMANDS.length);
});

Deno.test("parseCommandLine() says everything that is wrong, and where help is", () => {
  const message = errorOf("run extra --node a --node b --data= --bogus");
  assertEquals(message.split("\n"), [
    "chat-server: --node is given 2 times (a, b); give it once",
    "chat-server: --data needs a value: --data FOLDER",
    "chat-server: there is no flag --bogus",
    'chat-server: run takes nothing but flags, and "extra" is none',
    "See chat-server run --help",
  ]);
});

Deno.test("parseCommandLine() refuses what makes no sense, with a suggestion where there is one", () => {
  const cases: [string, string][] = [
    ["rnu", 'there is no command "rnu"; did you mean run?'],
    ["stauts", 'there is no command "stauts"; did you mean status?'],
    ["status --node n --data d", "give either --node NAME or --data FOLDER, not both"],
    ["status node1", 'status takes nothing but flags, and "node1" is none'],
    ["log", "log needs one of show, verify, repair behind it"],
    ["log shwo", 'there is no command "log shwo"; did you mean log show?'],
    ["--nod node1", "there is no flag --nod; did you mean --node?"],
    ["-node node1", "there is no flag -node; did you mean --node?"],
    ["--confg=x", "there is no flag --confg; did you mean --config?"],
    ["--node", "--node needs a value: --node NAME"],
    ["--node --insecure", "--node needs a value: --node NAME"],
    ["--node ../x", '--node "../x" is not a node name'],
    ["--port 65536", '--port "65536" is not a port; give a whole number from 0 to 65535'],
    ["--port 5e3", '--port "5e3" is not a port'],
    ["--port=-1", '--port "-1" is not a port'],
    ["--log-level inof", '--log-level "inof" is not known; did you mean "info"?'],
    ["--log-level all", '--log-level "all" is not known; give one of debug, info, warn, error'],
    ["--insecure=yes", "--insecure takes no value"],
    ["--accept-loss", "--accept-loss does not go with this command, but with log repair"],
    ["check --node node1", "--node does not go with this command, but with run, status, log-level, drain"],
    ["log show --node n --type mesageSent", '--type "mesageSent" is not known; did you mean "messageSent"?'],
    ["log verify", "say whose log: give --node NAME or --data FOLDER"],
    [
      "log repair --node n --keep-origin --as-new-origin",
      "give at most one of --accept-loss, --as-new-origin",
    ],
    ["log repair --node n --data d", "give either --node NAME or --data FOLDER, not both"],
    ["import --node n", "import needs at least one FILE"],
  ];
  for (const [line, expected] of cases) assertStringIncludes(errorOf(line), expected);
  console.log(`${cases.length} command lines refused`);
});

Deno.test("parseCommandLine() shows help wherever it is asked for", () => {
  for (const line of ["--help", "-h", "--node node1 --help", "nonsense -h"]) {
    assertStringIncludes(helpOf(line), "Commands:");
  }
  for (const { name, summary, flags } of COMMANDS) {
    const text = helpOf(`${name} --help`);
    assert(text.startsWith(summary), text);
    for (const flag of flags) assertStringIncludes(text, `--${flag}`);
    assertEquals(helpOf(`${name} -h --bogus`), text);
  }
  const logHelp = helpOf("log --help");
  assertStringIncludes(logHelp, "log verify");
  assert(!logHelp.includes("import"), "the help of log is about log alone");
  assertStringIncludes(helpOf("run --help"), "the first node of the configuration");
  assertStringIncludes(helpOf("run --help"), "Where there is no cluster_config.json, it is node1 on its own");
});

Deno.test("parseCommandLine() shows the version for --version and -V, with any command", () => {
  for (const line of ["--version", "-V", "log show -V"]) {
    assert(/^chat-server \d+\.\d+\.\d+$/.test(helpOf(line)));
  }
});

Deno.test("COMMANDS has only examples that parse, and help that fits into 110 columns", () => {
  let examples = 0;
  for (const command of COMMANDS) {
    for (const [line] of command.examples) {
      const name: string = parse(line).name;
      assertEquals(name, command.name, line);
      examples++;
    }
    for (const line of helpOf(`${command.name} -h`).split("\n")) assert(line.length <= 110, line);
  }
  console.log(`${examples} examples parsed`);
});

Deno.test("FLAGS are each used by a command or by all", () => {
  const used = new Set<string>(["help", "version", ...COMMANDS.flatMap(({ flags }) => flags)]);
  assertEquals([...used].sort(), [...FLAG_NAMES].sort());
});

Deno.test("parseCommandLine() shows control characters harmlessly", () => {
  const message = errorOf("\x1b[2Jrun");
  assertStringIncludes(message, "\\u{1b}[2Jrun");
  assert(!message.includes("\x1b"));
});

Deno.test("parseCommandLine() always comes to one of its results", () => {
  const flags = FLAG_NAMES.flatMap((name) => [`--${name}`, `--${name}=`, flagOf(name).letter ?? "-"]);
  const commandWords = COMMANDS.flatMap(({ name }) => name.split(" "));
  const odd = [
    "--",
    "-",
    "",
    "--__proto__",
    "--constructor.x=1",
    "--no-insecure",
    "-=",
    "--=",
    "-h=1",
    "true",
  ];
  const word = fc.oneof(fc.constantFrom(...flags, ...commandWords, ...odd), fc.string({ maxLength: 6 }));
  const results = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (args) => {
      const { name } = parseCommandLine(args);
      results.set(name, (results.get(name) ?? 0) + 1);
    }),
    { numRuns: 2_000 },
  );
  assert((results.get("usage error") ?? 0) > 0);
  console.log(`2000 command lines: ${[...results].map(([name, count]) => `${name} ${count}`).join(", ")}`);
});

Deno.test("parseCommandLine() refuses backups, restores and exports of nothing, of several, and of no time", () => {
  assertStringIncludes(errorOf("backup"), "backup needs the FOLDER of the backup");
  assertStringIncludes(errorOf("restore a b"), 'restore takes one FOLDER, and "a b" are several');
  assertStringIncludes(errorOf("export"), "export needs one NAME");
  assertStringIncludes(errorOf("export alice bob"), "export needs one NAME");
  assertStringIncludes(errorOf("export --node n --data d alice"), "give either --node NAME or --data FOLDER");
  for (const time of ["yesterday", "2026-01-31", "2026-01-31T18:00", "2026-13-31T18:00Z", "18:00Z"]) {
    assertStringIncludes(errorOf(`restore --until ${time} b`), `"${time}" is not a time with its zone`);
  }
});
