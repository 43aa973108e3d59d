import { assert, assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { type Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 90, rows: 14 };
const WELCOME = "-- you are alice on node1; /help lists the commands";

/** A shell in which alice has started the client. */
class Shell implements AsyncDisposable {
  private constructor(readonly server: ServerProcess, readonly tmux: Tmux, readonly alice: Person) {}

  static async start(): Promise<Shell> {
    const server = await ServerProcess.start();
    const tmux = new Tmux();
    const passwordFile = `${server.folder}/password`;
    await Deno.writeTextFile(passwordFile, PASSWORD, { mode: 0o600 });
    const flags = [
      "--user",
      "alice",
      "--server",
      `127.0.0.1:${server.port}`,
      "--password-file",
      passwordFile,
    ];
    const alice = await tmux.shell("alice", SIZE);
    await alice.seesRow(/^shell>$/);
    await Deno.writeTextFile(`${server.folder}/chat`, tmux.commandLine(...flags));
    await alice.enter(`clear; . ${server.folder}/chat`);
    await alice.seesRow(/^\(no chat\)>$/);
    return new Shell(server, tmux, alice);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

terminalTest("Ctrl-Z gives the terminal to the shell, and fg takes it and paints it again", async () => {
  await using shell = await Shell.start();
  const { alice } = shell;
  await alice.type("half a line");
  await alice.press("C-z");
  await alice.seesRow(/^-- suspended; fg goes on/);
  await alice.seesRow(/^shell>$/);
  await alice.enter("stty -a | grep -o -e '-*echo ' -e '-*icanon '");
  await alice.seesRow(/^icanon$/);
  await alice.seesRow(/^echo$/);
  await alice.enter("fg");
  await alice.sees(WELCOME, "(no chat)> half a line");
  await alice.type(" and more");
  await alice.sees(WELCOME, "(no chat)> half a line and more");
  await alice.press("C-c");
  await alice.press("C-c");
  await alice.seesRow(/^shell>$/);
});

terminalTest("after a stop from elsewhere, the terminal is raw again", async () => {
  await using shell = await Shell.start();
  const { alice } = shell;
  await alice.type("half a line");
  await alice.seesRow(/half a line$/);
  await alice.signal("STOP");
  await alice.seesRow(/^shell>$/);
  // The shell has the terminal as the client left it, where Enter is no line feed.
  await alice.type("fg\n");
  await alice.sees(WELCOME, "(no chat)> half a line");
  await alice.type("\x7f\x7f\x7f\x7f!");
  await alice.sees(WELCOME, "(no chat)> half a !");
});

terminalTest("where nothing lets the program stop, Enter takes the terminal again", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux();
  // No job control: the system stops no program that nobody could let go on.
  const carol = await tmux.client("carol", SIZE, "", "--server", `127.0.0.1:${server.port}`);
  await carol.seesRow(/^name:$/);
  await carol.press("C-z");
  await carol.seesRow(/^-- suspended; fg goes on/);
  await carol.press("Enter");
  await carol.sees("name:");
});

terminalTest(
  "what is typed during the start is neither shown by the client nor read as a command",
  async () => {
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await using tmux = new Tmux();
    const address = `127.0.0.1:${(silent.addr as Deno.NetAddr).port}`;
    const person = await tmux.client("person", SIZE, "", "--user", "person", "--server", address);
    await person.type("secret");
    await person.enter("/quit");
    await person.seesRow(/^offline: /);
    await person.type("secret");
    await person.enter("/quit");
    await person.seesRow(/^-- no node is reachable: /);
    const screen = await person.screen();
    assertEquals(screen.at(-1), "offline: (not logged in) (reconnecting)>");
    assert(!screen.some((row) => row.startsWith("!!") || row.startsWith("ended")), screen.join("\n"));
    await person.press("C-c");
    await person.press("C-c");
    await person.seesRow(/^ended with /);
  },
);
