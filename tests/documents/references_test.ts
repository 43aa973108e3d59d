/**
 * Checks that every file, heading, task, command and flag that the documents name exists, and that the manual of
 * the client has every command of the client.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { COMMANDS as CLIENT_COMMANDS } from "../../client/terminal/commands/commands.ts";
import { FLAGS as CLIENT_FLAGS } from "../../client/terminal/flags/flags.ts";
import { readSettings } from "../../client/terminal/flags/settings.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../server/cli/commands.ts";
import { FLAG_NAMES as SERVER_FLAGS } from "../../server/cli/flags.ts";
import { parseCommandLine } from "../../server/cli/parse_command_line.ts";
import { parseConfiguration } from "../../server/config/configuration.ts";
import { anchorsOf, linksOf } from "./links.ts";
import { type Markdown, readMarkdown } from "./markdown.ts";
import { commandsNamed, flagsNamed, type ProgramCall, programCalls, tasksNamed } from "./program_calls.ts";
import { projectFiles, readDocuments } from "./project_files.ts";

/** A document of the project. */
interface Document {
  readonly path: string;
  readonly markdown: Markdown;
}

/** Result of a check: the number of references, and the wrong ones. */
interface Findings {
  readonly looked: number;
  readonly wrong: readonly string[];
}

/** Flags that documents may name, by the program that takes them. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  server: SERVER_FLAGS,
  client: Object.keys(CLIENT_FLAGS),
  "deno task bench": ["only", "against", "messages"],
  "deno task compile": ["target", "all", "output", "help"],
  "deno task sim": ["schedules", "seed"],
  // The executables are compiled with these; the documents say why.
  deno: [
    "allow-all",
    "allow-env",
    "allow-net",
    "allow-read",
    "allow-sys",
    "allow-write",
    "ignore-env",
    "max-old-space-size",
    "unstable-net",
    "v8-flags",
  ],
  // It says which C library a system has.
  ldd: ["version"],
};

const KNOWN_FLAGS: ReadonlySet<string> = new Set(Object.values(FLAGS).flat());

/** Permissions to read the documents. */
const PERMISSIONS = ["read", "run"] as const;

function referencesTest(
  what: string,
  check: (documents: readonly Document[]) => Promise<Findings> | Findings,
): void {
  const ignore = PERMISSIONS.some((name) => Deno.permissions.querySync({ name }).state !== "granted");
  const reason = ignore ? " (ignored: needs the permissions read and run, which deno task test gives)" : "";
  Deno.test({
    name: `${what}${reason}`,
    ignore,
    fn: async () => {
      const documents = (await readDocuments()).map(({ path, text }) => ({
        path,
        markdown: readMarkdown(text),
      }));
      const { looked, wrong } = await check(documents);
      console.log(`${looked} looked at in ${documents.length} documents`);
      assertEquals(wrong, []);
      assertGreater(looked, 0);
    },
  });
}

/** Looks at everything of one kind that the documents have. */
function inAll<T>(
  documents: readonly Document[],
  every: (document: Document) => readonly T[],
  problem: (each: T) => string | undefined,
): Findings {
  const found = documents.flatMap((document) =>
    every(document).map((each) => ({ path: document.path, each }))
  );
  const wrong = found.flatMap(({ path, each }) => {
    const said = problem(each);
    return said === undefined ? [] : [`${path}: ${said}`];
  });
  return { looked: found.length, wrong };
}

referencesTest(
  "links and images of the documents lead to files and headings that exist",
  async (documents) => {
    const files = await projectFiles();
    const places = new Set(files.flatMap((path) => [path, ...foldersOf(path)]));
    const anchors = new Map(documents.map(({ path, markdown }) => [path, anchorsOf(markdown)]));
    return inAll(documents, ({ path, markdown }) => linksOf(markdown, path), ({ path, anchor, shown }) => {
      if (!places.has(path)) return `there is no ${path} (${shown})`;
      return anchor === undefined || anchors.get(path)?.has(anchor)
        ? undefined
        : `there is no heading ${shown}`;
    });
  },
);

referencesTest(
  "tasks that the documents name are tasks",
  (documents) =>
    inAll(
      documents,
      ({ markdown }) => tasksNamed(markdown),
      (task) => task in denoJson.tasks ? undefined : `there is no task ${task}`,
    ),
);

referencesTest(
  "command lines in the documents are understood",
  (documents) => inAll(documents, ({ markdown }) => programCalls(markdown), callProblem),
);

referencesTest(
  "commands that the documents name are commands",
  (documents) =>
    inAll(
      documents,
      ({ markdown }) => commandsNamed(markdown),
      (command) =>
        COMMANDS.some(({ name }) => name === command) ? undefined : `there is no command ${command}`,
    ),
);

referencesTest("the manual of the client has every command of the client, and no other", (documents) => {
  const manual = documents.find(({ path }) => path === "docs/client.md")?.markdown.prose ?? "";
  const cells = manual.split("\n").filter((line) => line.startsWith("| `/")).map((row) =>
    row.split("|")[1] ?? ""
  );
  const named = cells.flatMap((cell) => [...cell.matchAll(/`\/([a-z-]+)/g)].map(([, name = ""]) => name));
  const known = CLIENT_COMMANDS.flatMap(({ name, alias }) => alias === undefined ? [name] : [name, alias]);
  const wrong = [
    ...known.filter((name) => !named.includes(name)).map((name) => `docs/client.md lacks /${name}`),
    ...named.filter((name) => !known.includes(name)).map((name) => `docs/client.md: there is no /${name}`),
  ];
  return { looked: known.length, wrong };
});

referencesTest(
  "flags that the documents name are flags",
  (documents) =>
    inAll(
      documents,
      ({ markdown }) => flagsNamed(markdown),
      (flag) => KNOWN_FLAGS.has(flag) ? undefined : `there is no flag --${flag}`,
    ),
);

referencesTest(
  "configurations in the documents are accepted",
  (documents) =>
    inAll(documents, ({ markdown }) => configurationsIn(markdown), (text) => {
      const parsed = parseConfiguration(text, "cluster_config.json");
      return "problems" in parsed ? parsed.problems.join("; ") : undefined;
    }),
);

function foldersOf(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/"));
}

function callProblem({ program, args, shown }: ProgramCall): string | undefined {
  if (program === "client") {
    const start = readSettings(args, 0);
    return "problem" in start ? `${shown}: ${start.problem}` : undefined;
  }
  const command = parseCommandLine(args);
  return command.name === "usage error" ? `${shown}: ${command.message}` : undefined;
}

function configurationsIn({ fences }: Markdown): string[] {
  return fences.filter(({ info, text }) => info === "json" && text.includes('"nodes"')).map(({ text }) =>
    text
  );
}
