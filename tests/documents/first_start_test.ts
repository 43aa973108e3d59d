/**
 * The first start from the sources, with an empty cache: what Deno says about its downloads hides nothing.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { TerminalWindow, whyNoTerminal } from "../testing/terminal_window.ts";
import { documentEnvironment } from "./command_group.ts";
import { DocumentFolder } from "./document_folder.ts";
import { missing } from "./obstacles.ts";

/** Time limit of a first start: every package is downloaded. */
const FIRST_START_MS = 240_000;

/** The last line in the terminal, behind the end of the command. */
const ENDED = "the command has ended";

const NAME = "the first start from the sources shows what it says, and nothing about build scripts";

/** A cache without anything in it, and a terminal in which a command uses it. */
class FirstStart implements AsyncDisposable {
  private constructor(readonly cache: string, readonly window: TerminalWindow) {}

  static async of(command: string, folder: string): Promise<FirstStart> {
    const cache = await Deno.makeTempDir({ prefix: "chat-first-start-" });
    const environment = `env DENO_DIR='${cache}' PATH='${documentEnvironment().PATH}'`;
    return new FirstStart(
      cache,
      await TerminalWindow.open(`${environment} ${command}; echo "${ENDED}"; exec sleep 600`, folder),
    );
  }

  /** The screen, once it has this text. */
  async shows(text: string): Promise<string> {
    await eventually(text, async () => (await this.window.text()).includes(text), FIRST_START_MS)
      .catch(() => {});
    return await this.window.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.window.press("C-c");
    // Until then, it may write into its cache.
    await this.shows(ENDED);
    await this.window[Symbol.asyncDispose]();
    await Deno.remove(this.cache, { recursive: true });
  }
}

const reason = await whyNoTerminal() ?? await missing(["npm"]);
if (reason !== undefined) {
  Deno.test({ name: `${NAME} (ignored: ${reason})`, ignore: true, fn: () => {} });
} else {
  processTest(NAME, async () => {
    await using folder = await DocumentFolder.make("project", undefined);
    await using server = await FirstStart.of("deno task server --node=node1", folder.path);
    // Its first words after those of the start: by then no bar is left that could erase them.
    const said = await server.shows("peerUnreachable");
    for (
      const line of [
        "node1 listens on 127.0.0.1:",
        "its data is in data/node1 (0 accounts, 0 messages)",
        "its page is at http://127.0.0.1:",
      ]
    ) {
      assertStringIncludes(said, line);
    }
    await using client = await FirstStart.of("deno task client", folder.path);
    const asked = await client.shows("name:");
    assertStringIncludes(asked, "name:");
    for (const screen of [said, asked]) {
      assertEquals(/Warning|build scripts|Download /.test(screen), false, screen);
    }
  });
}
