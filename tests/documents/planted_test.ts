/**
 * Documents with planted faults, each of which the test of the documents finds.
 *
 * @module
 */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { whyNoTerminal } from "../testing/terminal_window.ts";
import { type Provisions, runDocument } from "./run_document.ts";
import { runnableBlocks } from "./runnable_blocks.ts";

const ENVIRONMENT: readonly Deno.PermissionDescriptor[] = [{ name: "env" }];

const PATIENT: Provisions = { obstacle: () => Promise.resolve(undefined), patienceMs: 20_000 };
const IMPATIENT: Provisions = { ...PATIENT, patienceMs: 500 };

/** A server that ends with status 0 at SIGTERM. */
const SERVER = `trap 'exit 0' TERM; echo 'it listens on nothing'; sleep 1000 & wait`;

/** Duration, s, of the sleeping processes that a test looks for: no other program sleeps exactly so long. */
const MARK = String(8_000_000 + Deno.pid);

/** A document of these blocks, each with its marker and its text, and of headings. */
function document(...blocks: readonly (readonly [string, string] | "heading")[]): string {
  return blocks.map((block) =>
    block === "heading" ? "## Next" : `\`\`\`sh runnable ${block[0]}\n${block[1]}\n\`\`\``
  ).join("\n\n");
}

async function run(text: string, provisions: Provisions): Promise<number> {
  return (await runDocument("planted.md", runnableBlocks(text).blocks, provisions)).ran;
}

function plantedTest(what: string, text: string, says: RegExp, provisions = PATIENT): void {
  processTest(`runDocument() fails where ${what}`, async () => {
    const error = await assertRejects(() => run(text, provisions), Error);
    assertMatch(error.message, says);
    assertMatch(error.message, /^planted\.md:\d+: /);
  }, ENVIRONMENT);
}

plantedTest(
  "a block exits with 1",
  document(["in=project", "true"], ["in=project", "echo said this\nfalse\necho not this"]),
  /^planted\.md:5: ended with status 1, and 0 was expected\n--- the block\necho said this\nfalse\n.*\n--- what it said\nsaid this\n$/,
);
plantedTest(
  "a block says something else than is shown",
  `${document(["in=project", "echo said"])}\n\`\`\`text\nshown\n\`\`\``,
  /it does not say what is shown below:\nshown\n/,
);
plantedTest(
  "a server says something else than is shown",
  `${document(["in=project background", SERVER])}\n\`\`\`text\nit listens elsewhere\n\`\`\``,
  /does not say what is shown below:\nit listens elsewhere\n/,
  IMPATIENT,
);
plantedTest(
  "a command within a pipe fails",
  document(["in=project", "false | cat"]),
  /ended with status 1/,
);
plantedTest(
  "a block succeeds that is to fail",
  document(["in=project fails=3", "true"]),
  /ended with status 0, and 3 was expected/,
);
plantedTest(
  "a block does not end",
  document(["in=project", "sleep 1000"]),
  /has not ended within 500 ms from its start/,
  IMPATIENT,
);
plantedTest(
  "a block in the background ends at once",
  document(["in=project background", "echo 'cannot start' >&2; exit 1"]),
  /has ended or does not say "listens on"\n[^]*cannot start/,
);
plantedTest(
  "a block in the background never listens",
  document(["in=project background", "echo 'nothing listens on it' >&2; sleep 1000"]),
  /has ended or does not say "listens on"/,
  IMPATIENT,
);
plantedTest(
  "a block in the background ends before it is told to",
  document(["in=project background", "echo 'it listens on nothing'; sleep 0.2"], ["in=project", "sleep 0.5"]),
  /^planted\.md:1: ended before it was told to/,
);
plantedTest(
  "a block in the background goes on that a command is to end",
  document(["in=project ending", SERVER], ["in=project", "true"]),
  /^planted\.md:1: has not ended within 500 ms from the last command of its section/,
  IMPATIENT,
);
plantedTest(
  "a block in the background ends badly",
  document(["in=project background", "trap 'exit 3' TERM; echo listens on; sleep 1000 & wait"]),
  /ended with status 3, and 0 was expected/,
);
plantedTest(
  "a block in the background does not end",
  document(["in=project background", "trap '' TERM; echo listens on; sleep 1000"]),
  /has not ended within 500 ms from SIGTERM/,
  IMPATIENT,
);

if (await whyNoTerminal() === undefined) {
  plantedTest(
    "a block uses a name that a reader has taken before",
    document(
      ["in=project background", "deno task server --node=node1"],
      ["in=project terminal", "deno task client"],
      [
        "in=project",
        "(umask 077; echo 'correct horse' > secret)\n" +
        "deno task client send alice hi --user alice --password-file secret --register",
      ],
    ),
    /the password of alice is not that/,
  );
  plantedTest(
    "a program in a terminal asks for nothing",
    document(["in=project terminal", "echo hello; sleep 1000"]),
    /"echo hello; sleep 1000" does not let alice log in, or finds no server\n[^]*hello/,
    IMPATIENT,
  );
  plantedTest(
    "a program in a terminal does not end with Ctrl-C",
    document([
      "in=project terminal",
      "trap '' INT; read -rp 'name: ' name; read -rp 'password: '; echo \"you are $name on node1\"; sleep 1000",
    ]),
    /does not end with Ctrl-C/,
    IMPATIENT,
  );
}

processTest(
  "runDocument() runs blocks in their order, in one folder, beside what is in the background",
  async () => {
    const count = (number: number): string => `test "$(pgrep -fc 'sleep 87654$')" = ${number}`;
    const server = SERVER.replace("1000", "87654");
    const ran = await run(
      document(
        ["in=project background", `${server}\n${server}`],
        ["in=project", `test -f deno.json\necho first > made\n${count(2)}`],
        ["in=project", "test first = $(cat made)"],
        ["in=project fails=7", "exit 7"],
        "heading",
        ["in=project", count(0)],
      ),
      PATIENT,
    );
    assertEquals(ran, 5);
  },
  ENVIRONMENT,
);

processTest("runDocument() lets a command end what is in the background", async () => {
  const server = `echo $$ > pid; ${SERVER}`;
  const blocks = [["in=project ending", server], ["in=project", "kill $(cat pid)"]] as const;
  assertEquals(await run(document(...blocks), PATIENT), 2);
}, ENVIRONMENT);

processTest("runDocument() leaves nothing behind", async () => {
  const started = document(
    ["in=project background", `echo "folder $PWD"; sleep ${MARK} & ${SERVER}`],
    ["in=project", `sleep ${MARK} & sleep ${MARK} & echo $PWD; exit 1`],
  );
  const error = await assertRejects(() => run(started, PATIENT), Error);
  const folder = error.message.trim().split("\n").at(-1) ?? "";
  assertMatch(folder, /chat-document-test-/);
  await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
  const { code } = await new Deno.Command("pgrep", { args: ["-f", `sleep ${MARK}$`], stdout: "null" })
    .output();
  assertEquals(code, 1, "pgrep found none");
}, ENVIRONMENT);

processTest("runDocument() says which blocks could not be run", async () => {
  const { blocks } = runnableBlocks(document(["in=executables", "false"], ["in=project", "true"]));
  const tally = await runDocument("planted.md", blocks, {
    ...PATIENT,
    obstacle: ({ folder }) => Promise.resolve(folder === "project" ? undefined : "there are none"),
  });
  assertEquals(tally, { ran: 1, left: ["planted.md:1: there are none"] });
}, ENVIRONMENT);
