import { assertEquals } from "@std/assert";
import { runClient } from "../io/client_process.ts";
import { eventually } from "../testing/eventually.ts";
import { Desk, SIZE } from "./desk.ts";
import { terminalTest } from "./tmux.ts";

const FOCUS_LOST = "\x1b[O";
const FOCUS_GAINED = "\x1b[I";
/** Longer than the pause that ends a burst, ms. */
const PAUSE_MS = 2_200;

/** A desk, and the bytes that alice's client writes from now on. */
async function recorded(environment = ""): Promise<{ readonly desk: Desk; output(): Promise<string> }> {
  const desk = await Desk.set(environment, SIZE);
  const file = `${desk.server.folder}/output`;
  await Deno.writeTextFile(file, "");
  await desk.tmux.run("pipe-pane", "-O", "-t", "alice", `cat >> ${file}`);
  return { desk, output: () => Deno.readTextFile(file) };
}

/** Bells, which end no title and no notification of this client. */
function bells(output: string): number {
  return output.split("\x07").length - 1;
}

function lastTitle(output: string): string | undefined {
  return output.split("\x1b]0;").at(-1)?.split("\x1b")[0];
}

terminalTest(
  "a burst rings once: in the chat while nobody looks, outside it always, and not if muted",
  async () => {
    const { desk, output } = await recorded();
    await using _ended = desk;
    const { alice, server } = desk;
    await alice.enter("/chat bob");
    await alice.seesRow(/^bob>$/);
    await desk.bobSends("seen");
    await alice.seesRow(/> seen$/);
    assertEquals(bells(await output()), 0);

    await alice.type(FOCUS_LOST);
    const lines = Array.from({ length: 60 }, (_, i) => `/msg alice message ${i}\n`).join("");
    const flags = ["--server", `127.0.0.1:${server.port}`, "--password-file", `${server.folder}/password`];
    const sent = await runClient(lines, "run", "-", "--user", "bob", ...flags);
    assertEquals(sent.code, 0, sent.stderr);
    await alice.seesRow(/> message 59$/);
    assertEquals(bells(await output()), 1);
    await eventually("the title counts", async () => lastTitle(await output()) === "(60) bob");

    await alice.type(FOCUS_GAINED);
    await eventually("the title counts nothing", async () => lastTitle(await output()) === "bob");
    await alice.enter("/mute bob");
    await alice.seesRow(/^-- messages of bob do not ring; /);
    await alice.type(FOCUS_LOST);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    await desk.bobSends("muted");
    await alice.seesRow(/> muted$/);
    assertEquals(bells(await output()), 1);

    await alice.enter("/mute bob off");
    await alice.type(FOCUS_LOST);
    await desk.bobSends("heard");
    await alice.seesRow(/> heard$/);
    assertEquals(bells(await output()), 2);
  },
);

terminalTest(
  "a terminal with notifications shows them while it has no focus, and is given back without reports",
  async () => {
    const { desk, output } = await recorded("TERM=foot");
    await using _ended = desk;
    const { alice } = desk;
    await desk.bobSends("looked at");
    await alice.seesRow(/> looked at$/);
    assertEquals((await output()).includes("\x1b]777"), false);
    await alice.type(FOCUS_LOST);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    await desk.bobSends("not looked at");
    await alice.seesRow(/> not looked at$/);
    await eventually(
      "a notification",
      async () => (await output()).includes("\x1b]777;notify;chat;new message from bob\x1b\\"),
    );
    await alice.signal("TERM");
    await alice.seesRow(/^ended with 0$/);
    assertEquals((await output()).includes("\x1b[?1004l"), true);
  },
);
